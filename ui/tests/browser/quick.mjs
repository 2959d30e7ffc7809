/** Quick access: find, copy, go; and what it asks of the main window. */
import assert from "node:assert/strict";
import { calls, focused, soon } from "./page.mjs";
import { at } from "./world.mjs";

const options = { document: "quick.html", width: 640, height: 420 };
const names = (page) => page.locator(`${at("quick-row")} b`).allInnerTexts();
const selected = (page) => page.locator(`${at("quick-row")}[aria-selected="true"]`);

export const walks = [
  {
    name: "quick access has the last copied keys on top, no revoked one, and copies by Enter",
    options,
    go: async (page) => {
      await page.waitForSelector(at("quick-row"));
      assert.deepEqual(await page.locator(at("quick-row")).evaluateAll((rows) => rows.slice(0, 2).map((row) => row.dataset.keyId)), ["key-2", "key-8"]);
      assert.equal(await page.locator(`${at("quick-row")}[data-status="revoked"]`).count(), 0);
      const after = (await names(page)).slice(2, 9);
      assert.deepEqual(after, after.toSorted((a, b) => a.localeCompare(b)), "the others by name");
      assert.equal(await page.locator(`${at("quick-row")}:nth-child(-n + 9) b.held`).count(), 0, "and first what can be copied");
      const [first] = await names(page);
      await page.keyboard.press("Enter");
      await page.waitForSelector(at("quick-copied"));
      assert.match(await page.locator(at("quick-copied")).innerText(), new RegExp(`Copied ${first}\\s+The clipboard is cleared in 45 s`));
      await page.waitForFunction(() => window.calls.some(([it]) => it === "hide_quick"), null, { timeout: 3000 });
      assert.equal((await calls(page, "copy_key")).length, 1);
    },
  },
  {
    name: "quick access steps with the arrows, and opens and rotates elsewhere what is chosen",
    options,
    go: async (page) => {
      await page.locator(at("quick-input")).fill("worker");
      await page.keyboard.press("ArrowDown");
      const id = await selected(page).getAttribute("data-key-id");
      await page.keyboard.press("Control+Enter");
      await page.keyboard.press("Control+r");
      await page.waitForFunction(() => window.calls.filter(([it]) => it === "show_key").length === 2);
      assert.deepEqual(await calls(page, "show_key"), [{ keyId: id, rotate: false }, { keyId: id, rotate: true }]);
      assert.equal((await calls(page, "copy_key")).length, 0);
      await page.keyboard.press("Escape");
      await page.waitForFunction(() => window.calls.some(([it]) => it === "hide_quick"));
    },
  },
  {
    name: "quick access says before a copy that a key is refused, and copies nothing that is not held",
    options,
    go: async (page) => {
      await page.waitForSelector(at("quick-row"));
      await page.locator(`${at("quick-row")}[data-status="refused"]`).first().click();
      assert.equal(await page.locator(at("quick-warning")).innerText(), "Its provider refuses this key.");
      assert.match(await page.locator(at("quick-copy")).innerText(), /^Copy anyway/);
      await page.locator(`${at("quick-row")}:has(b.held)`).first().click();
      assert.notEqual(await page.locator(at("quick-warning")).innerText(), "");
      await page.keyboard.press("Enter");
      await page.waitForTimeout(100);
      assert.equal((await calls(page, "copy_key")).length, 0);
    },
  },
  {
    name: "quick access begins anew each time it is shown, and reads nothing while it is hidden",
    options,
    go: async (page) => {
      await page.locator(at("quick-input")).fill("zebra");
      await page.waitForSelector(at("quick-row"), { state: "detached" });
      await page.evaluate(() => window.send("quick_changed", false));
      const before = (await calls(page, "inventory")).length;
      await page.evaluate(() => window.send("inventory_changed", null));
      await page.waitForTimeout(100);
      assert.equal((await calls(page, "inventory")).length, before);
      await page.evaluate(() => window.send("quick_changed", true));
      await page.waitForSelector(at("quick-row"));
      assert.equal(await page.locator(at("quick-input")).inputValue(), "");
      await soon(async () => assert.equal(await focused(page), "quick-input"));
      assert.equal((await calls(page, "inventory")).length, before + 1);
    },
  },
  {
    name: "quick access locks, shows the lock alone, and unlocks",
    options,
    go: async (page) => {
      await page.waitForSelector(at("quick-row"));
      await page.keyboard.press("Control+l");
      await page.waitForSelector(at("unlock-window"));
      assert.equal(await page.locator(at("quick-row")).count(), 0);
      await page.keyboard.press("Enter");
      await page.waitForSelector(at("quick-row"));
    },
  },
  {
    name: "the window shows what quick access asks for, with the plan where it is to be rotated",
    go: async (page) => {
      await page.keyboard.press("g");
      await page.keyboard.press("p");
      await page.waitForSelector(at("policy-row"));
      await page.evaluate(() => window.send("wanted", { kind: "key", keyId: "key-2", rotate: true }));
      await page.waitForSelector(at("rotation-sheet"));
      assert.deepEqual((await calls(page, "plan_rotation")).map((it) => it.keyId), ["key-2"]);
      await page.keyboard.press("Escape");
      await page.waitForSelector('[data-testid="drawer"]');
    },
  },
  {
    name: "a window that was locked is unlocked with the other one",
    scene: "lock-idle",
    options: { place: "" },
    go: async (page) => {
      await page.waitForSelector(at("unlock-window"));
      // The other window's press, at Rust.
      await page.evaluate(() => window.__TAURI_INTERNALS__.invoke("unlock_window"));
      await page.evaluate(() => window.send("lock_changed", null));
      await page.waitForSelector(at("unlock-window"), { state: "detached" });
    },
  },
];
