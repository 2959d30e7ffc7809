/** Walks over the overview: its queue, its pictures as filters, and findings that are put off. */
import assert from "node:assert/strict";
import { calls } from "./page.mjs";
import { at } from "./world.mjs";

const labelled = (page) => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.querySelector(".sr")?.textContent ?? "");
const focusedRow = (page) => page.evaluate(() => document.activeElement?.closest("[data-row]")?.getAttribute("data-key-name"));
const go = async (page, letter) => {
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press("g");
  await page.keyboard.press(letter);
};
const options = { place: "overview" };
const count = async (page) => Number(await page.locator(at("count")).innerText());

export const walks = [
  {
    name: "the window opens on what needs attention, and arrows walk the queue to its acts",
    options,
    go: async (page) => {
      await page.waitForSelector(at("queue"));
      const rows = page.locator(at("queue-row"));
      assert.equal(await rows.first().getAttribute("data-key-name"), "Batch summariser", "the refused key comes first");
      await rows.first().locator("button").first().focus();
      await page.keyboard.press("ArrowDown");
      assert.equal(await focusedRow(page), "Nightly backup");
      await page.keyboard.press("Home");
      await page.keyboard.press("Tab");
      assert.equal(await labelled(page), "Rotate… Batch summariser");
      await page.keyboard.press("Enter");
      await page.waitForSelector(at("rotation-sheet"));
      assert.equal((await calls(page, "plan_rotation"))[0].keyId, "key-0");
      await page.keyboard.press("Escape");
      await page.locator(at("rotation-sheet")).waitFor({ state: "detached" });
      await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "Rotate… Batch summariser");
    },
  },
  {
    name: "a cell of the matrix shows its keys; the grid has one tab stop",
    options,
    go: async (page) => {
      await page.waitForSelector(at("matrix"));
      assert.equal(await page.locator(`${at("matrix")} [tabindex="0"]`).count(), 1);
      const first = page.locator(at("cell")).first();
      await first.focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowRight");
      assert.match(await labelled(page), /^globex, staging: /);
      const expected = Number(/(\d+) keys?$/.exec(await labelled(page))[1]);
      await page.keyboard.press("Enter");
      await page.waitForSelector(at("key-row"));
      assert.equal(await count(page), expected);
    },
  },
  {
    name: "bars and days are filters, by mouse and by keyboard",
    options,
    go: async (page) => {
      const bar = page.locator(`${at("age-bin")}[data-from="100"]`);
      await bar.waitFor();
      const over = Number(/(\d+) keys?/.exec(await bar.getAttribute("aria-label"))[1]);
      await bar.click();
      await page.waitForSelector(at("key-row"));
      assert.equal(await count(page), over);
      await go(page, "o");
      const day = page.locator(at("due-day")).first();
      await day.focus();
      await page.keyboard.press("ArrowRight");
      const due = Number(/(\d+) keys? due/.exec(await labelled(page))[1]);
      await page.keyboard.press("Space");
      await page.waitForSelector(at("key-row"));
      assert.equal(await count(page), due);
    },
  },
  {
    name: "a picture has a sentence and a table for those who do not see it",
    options,
    go: async (page) => {
      const ages = page.getByRole("region", { name: "Age against each key’s limit" });
      await ages.waitFor();
      assert.match(await ages.innerText(), /\d+ of 39 keys are past their limit/);
      assert.equal(await ages.getByRole("row").count(), 7, "a head and six bins");
    },
  },
  {
    name: "a finding is put off with a reason, leaves the queue and comes back when told",
    go: async (page) => {
      const key = page.locator(`${at("key-row")}[data-key-name="Payments API"]`).first();
      await key.click();
      await page.locator(at("snooze")).click();
      await page.locator(at("waive")).click();
      await page.locator(`${at("error")}[data-code="input.invalid"]`).waitFor();
      await page.locator(at("field-reason")).fill("After the release");
      await page.locator(at("field-days")).selectOption("14");
      await page.locator(at("waive")).click();
      await page.locator(`${at("waiver")}[data-kind="snooze"]`).waitFor();
      assert.deepEqual((await calls(page, "waive_key")).at(-1), { keyId: "key-2", kind: "snooze", reason: "After the release", days: 14 });
      await page.locator(at("place-overview")).click();
      await page.waitForSelector(at("queue"));
      assert.equal(await page.locator(`${at("queue-row")}[data-key-name="Payments API"]`).count(), 0);
      await page.locator(at("waived-link")).click();
      await page.locator(`${at("key-row")}[data-key-name="Payments API"]`).click();
      await page.locator(at("wake")).click();
      await page.locator(at("waiver")).waitFor({ state: "detached" });
    },
  },
  {
    name: "the details say which rule decides, and begin one for the key",
    go: async (page) => {
      await page.locator(`${at("key-row")}[data-key-name="Payments API"]`).first().click();
      assert.match(await page.locator(at("policy-why")).innerText(), /90 d at most, from environment production/);
      await page.locator(at("rule-for-key")).click();
      const rule = page.locator('[data-scope="key"]');
      await rule.waitFor();
      await rule.locator(at("max-age")).fill("30");
      await rule.locator(at("set-policy")).click();
      await page.waitForFunction(() => window.calls.some(([it]) => it === "set_policy"));
      assert.deepEqual((await calls(page, "set_policy"))[0].rule, { kind: "key", id: "key-2", maxAgeDays: 30, dueSoonPercent: null, overlapHours: null, quietHours: null, verifyDays: null });
    },
  },
  {
    name: "ten thousand keys leave the queue short, with the rest in the list",
    scene: "many",
    options,
    go: async (page) => {
      await page.waitForSelector(at("queue-row"));
      assert.ok((await page.locator(at("queue-row")).count()) <= 24 * 6);
      await page.getByRole("button", { name: /more in Keys/ }).first().click();
      await page.waitForSelector(at("key-row"));
      assert.equal(await page.locator(at("key-row")).first().getAttribute("data-status"), "stale");
    },
  },
];
