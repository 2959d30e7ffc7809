/** Several keys are picked in the list and rotated in one act. */
import assert from "node:assert/strict";
import { calls, focused, soon } from "./page.mjs";
import { at } from "./world.mjs";

const picked = (page) => page.locator(`${at("key-row")}[aria-selected="true"]`).evaluateAll((rows) => rows.map((one) => one.getAttribute("data-key-id")));
const count = (page) => page.locator(at("selection-count")).innerText();

/** With the focus in a list without groups, at its first row. */
export async function toList(page) {
  await page.locator(at("group-by")).selectOption("none");
  await page.locator(at("key-grid")).focus();
}

/** Waits for the plans of so many. */
const plans = (page, state, many) => soon(async () => assert.equal(await page.locator(`${at("batch-key")}[data-state="${state}"]`).count(), many));

export const walks = [
  {
    name: "X picks a row, Shift with an arrow extends and shrinks, and Escape gives up one layer at a time",
    go: async (page) => {
      await toList(page);
      await page.keyboard.press("x");
      await soon(async () => assert.equal(await count(page), "1 selected"));
      const [first] = await picked(page);
      await page.keyboard.press("x");
      await page.locator(at("selection")).waitFor({ state: "detached" });
      await page.keyboard.press("Shift+ArrowDown");
      await page.keyboard.press("Shift+ArrowDown");
      await soon(async () => assert.equal(await count(page), "3 selected"));
      assert.equal((await picked(page))[0], first);
      await page.keyboard.press("Shift+ArrowUp");
      await soon(async () => assert.equal(await count(page), "2 selected"));
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Shift+ArrowDown");
      await soon(async () => assert.equal(await count(page), "4 selected", "a new range leaves the first"));
      await page.keyboard.press("/");
      await page.keyboard.type("zebra");
      await page.waitForSelector(at("no-match"));
      await soon(async () => assert.match(await page.locator(at("selection")).innerText(), /4 outside the filter/));
      await page.keyboard.press("Escape");
      await page.locator(at("key-grid")).focus();
      await page.keyboard.press("Enter");
      await page.waitForSelector(at("drawer"));
      await page.keyboard.press("Escape");
      await page.locator(at("drawer")).waitFor({ state: "detached" });
      assert.equal(await count(page), "4 selected");
      await page.keyboard.press("Escape");
      await page.locator(at("selection")).waitFor({ state: "detached" });
    },
  },
  {
    name: "Ctrl+A picks all that is shown, the box at the head gives it back, and a box beside a row picks without opening it",
    go: async (page) => {
      await toList(page);
      const shown = await page.locator(at("count")).innerText();
      await page.keyboard.press("Control+a");
      await soon(async () => assert.equal(await count(page), `${shown} selected`));
      assert.equal(await page.locator(at("select-all")).getAttribute("aria-checked"), "true");
      await page.locator(at("select-all")).click();
      await page.locator(at("selection")).waitFor({ state: "detached" });
      await page.locator(at("select")).nth(1).click();
      await page.locator(at("key-row")).nth(3).click({ modifiers: ["Shift"] });
      await soon(async () => assert.equal(await count(page), "3 selected"));
      assert.equal(await page.locator(at("select-all")).getAttribute("aria-checked"), "mixed");
      assert.equal(await page.locator(at("drawer")).count(), 0);
      await page.locator(at("selection-clear")).click();
      await soon(async () => assert.equal(await focused(page), "key-grid", "the list has the focus again"));
    },
  },
  {
    name: "picked keys are planned together, one press begins them, and one that is refused holds up no other",
    scene: "start-refused",
    go: async (page) => {
      await page.locator(at("filter")).fill("status:stale ");
      await toList(page);
      await page.keyboard.press("Shift+ArrowDown");
      await page.keyboard.press("Shift+ArrowDown");
      const ids = await picked(page);
      assert.equal(ids.length, 3);
      await page.keyboard.press("r");
      await plans(page, "ready", 3);
      assert.deepEqual(await calls(page, "plan_batch"), [{ batch: { keys: ids } }]);
      assert.equal((await calls(page, "start_batch")).length, 0, "a plan does nothing");
      await page.locator(at("batch-begin")).click();
      await plans(page, "begun", 2);
      await plans(page, "failed", 1);
      const [begun] = await calls(page, "start_batch");
      assert.deepEqual(begun.keys.map((it) => it.keyId), ids);
      await page.locator(at("batch-close")).click();
      await page.locator(at("selection")).waitFor({ state: "detached" });
    },
  },
  {
    name: "the palette rotates what is picked, and many keys in production need their number typed",
    go: async (page) => {
      await page.locator(at("filter")).fill("env:prod ");
      await toList(page);
      await page.keyboard.press("Control+a");
      await page.keyboard.press("Control+k");
      await page.locator(at("palette-input")).fill("rotate sel");
      await page.keyboard.press("Enter");
      await page.waitForSelector(at("batch-typed"));
      const many = await page.locator(`${at("batch-key")}[data-state="ready"]`).count();
      assert.ok(many >= 5, String(many));
      await page.locator(at("batch-begin")).click({ force: true });
      assert.equal((await calls(page, "start_batch")).length, 0, "not without the number");
      await page.locator(at("batch-typed")).fill(String(many));
      await page.keyboard.press("Enter");
      await soon(async () => assert.equal((await calls(page, "start_batch"))[0]?.keys.length, many));
    },
  },
];
