/** Settings and the lock: what a person chooses, and what must then be true. */
import assert from "node:assert/strict";
import { calls, focused, soon } from "./page.mjs";
import { at } from "./world.mjs";

const here = (page, test) => page.waitForFunction(test, null, { timeout: 5000 });

async function settings(page) {
  await page.keyboard.press("Control+,");
  await page.waitForSelector(at("settings"));
}

export const walks = [
  {
    name: "a setting is in force at once, and a refused one says so beside its control, which shows what holds",
    go: async (page) => {
      await settings(page);
      await page.locator(at("setting-theme")).selectOption("dark");
      await here(page, () => document.documentElement.dataset.theme === "dark");
      assert.equal((await calls(page, "set_settings")).at(-1).settings.theme, "dark");
      await page.locator(at("setting-clipboardSeconds")).selectOption("15");
      await page.locator(`${at("error")}[data-code="input.invalid"]`).waitFor();
      await here(page, () => document.querySelector('[data-testid="setting-clipboardSeconds"]').value === "45");
      await page.locator(at("setting-revealSeconds")).selectOption("10");
      await page.waitForSelector(at("error"), { state: "detached" });
      const { settings: sent } = (await calls(page, "set_settings")).at(-1);
      assert.deepEqual([sent.clipboardSeconds, sent.revealSeconds, sent.theme], [45, 10, "dark"], "what was refused is not sent again");
      await page.locator(at("to-policies")).click();
      await page.waitForSelector(at("policy-row"));
    },
  },
  {
    name: "what is chosen elsewhere reaches the open page, also a value that it does not offer",
    go: async (page) => {
      await settings(page);
      await page.evaluate(() => window.send("settings_changed", { theme: "light", density: "comfortable", zoomPercent: 100, letters: true, clipboardSeconds: 37, revealSeconds: 20, lockAfterSeconds: 0, lockKeychain: "never", refreshMinutes: 15, notify: false, notifyNames: true, digestHour: 9 }));
      await here(page, () => document.querySelector('[data-testid="setting-clipboardSeconds"]').value === "37");
      assert.equal(await page.locator(`${at("setting-clipboardSeconds")} option:checked`).innerText(), "after 37 s");
      assert.equal(await page.locator(at("setting-lockAfterSeconds")).inputValue(), "0");
    },
  },
  {
    name: "comfortable rows are taller, and the list scrolls to the end in them",
    scene: "many-140",
    go: async (page) => {
      const height = async () => (await page.locator(at("key-row")).first().boundingBox()).height;
      assert.equal(await height(), 28);
      await settings(page);
      await page.locator(at("setting-density")).selectOption("comfortable");
      await page.locator(at("place-keys")).click();
      await page.waitForSelector(at("key-row"));
      assert.equal(await height(), 36);
      await page.locator(at("key-grid")).focus();
      await page.keyboard.press("End");
      await here(page, () => {
        const grid = document.querySelector('[role="grid"]');
        const last = document.getElementById(grid.getAttribute("aria-activedescendant"));
        return last && last.getBoundingClientRect().bottom <= grid.getBoundingClientRect().bottom + 1 && grid.scrollTop > 0;
      });
    },
  },
  {
    name: "single letters can be switched off; what has a modifier and the palette stay",
    go: async (page) => {
      await settings(page);
      await page.locator(at("setting-letters")).selectOption("false");
      await page.locator(at("place-keys")).click();
      await page.locator(at("key-grid")).focus();
      await page.keyboard.press("ArrowDown");
      for (const letter of ["r", "n", "/", "?", "g", "o"]) await page.keyboard.press(letter);
      await page.waitForTimeout(100);
      assert.equal(await focused(page), "key-grid", "nothing happened");
      assert.equal(await page.locator(at("rotation-sheet")).count(), 0);
      await page.keyboard.press("Control+k");
      await page.locator(at("palette-input")).fill("rotate ");
      await page.keyboard.press("Enter");
      await page.waitForSelector(at("rotation-sheet"));
    },
  },
  {
    name: "the lock empties the page, asks for nothing behind it, and gives the focus back",
    go: async (page) => {
      await page.locator(at("key-row")).first().click();
      await page.waitForSelector(at("drawer"));
      const name = await page.locator(at("drawer")).getAttribute("data-key-name");
      await page.evaluate(() => (window.before = true));
      await page.keyboard.press("Control+l");
      await page.waitForSelector(at("lock"));
      assert.equal(await page.evaluate(() => window.before), undefined, "the document is another one");
      assert.ok(!(await page.content()).includes(name), "no key is named");
      await soon(async () => assert.equal(await focused(page), "unlock-window"));
      assert.match(await page.locator(at("lock")).innerText(), /Locked at .*1 rotation is open, waiting for the keychain/s);
      await page.keyboard.press("Control+k");
      await page.keyboard.press("g");
      await page.keyboard.press("k");
      await page.waitForTimeout(100);
      assert.equal(await page.locator(at("palette-input")).count(), 0);
      assert.deepEqual((await page.evaluate(() => window.calls.map(([it]) => it))).filter((it) => !["app_state", "inventory", "note_presence"].includes(it)), []);
      await page.keyboard.press("Enter");
      await page.waitForSelector("nav");
      await here(page, () => document.activeElement?.getAttribute("data-testid") === "place-overview");
    },
  },
  {
    name: "a prompt that was dismissed leaves it locked and says so",
    scene: "lock-dismissed",
    options: { place: "lock" },
    go: async (page) => {
      await page.waitForSelector(at("lock"));
      assert.match(await page.locator(at("lock")).innerText(), /after 10 min in which nobody touched it/);
      await page.keyboard.press("Enter");
      await page.locator(`${at("error")}[data-code="keychain.dismissed"]`).waitFor();
      assert.equal(await page.locator("nav").count(), 0);
    },
  },
  {
    name: "somebody who is there says so now and then, not with each key",
    go: async (page) => {
      for (const key of ["a", "b", "c", "d"]) await page.keyboard.press(key);
      await page.mouse.move(40, 40);
      await page.mouse.move(90, 90);
      assert.equal((await calls(page, "note_presence")).length, 1);
    },
  },
];
