/** Where a key is used: what stands there, a file that is added, one that git tracks. */
import assert from "node:assert/strict";
import { calls } from "./page.mjs";
import { at } from "./world.mjs";

const open = async (page) => {
  await page.locator(`${at("key-row")}[data-key-name="Payments API"]`).first().click();
  await page.waitForSelector(at("used-in"));
};

export const walks = [
  {
    name: "a file that git tracks is a target only when that is said",
    go: async (page) => {
      await open(page);
      const said = await page.locator(at("used-in")).innerText();
      assert.match(said, /holds the key/);
      assert.match(said, /value differs/);
      await page.locator(at("add-target")).click();
      await page.keyboard.type("/srv/tracked/.env");
      await page.locator(at("target-name")).fill("OVERTEN_KEY");
      await page.keyboard.press("Enter");
      await page.waitForSelector(at("target-tracked"));
      await page.locator(at("target-tracked")).check();
      await page.locator(at("target-path")).fill("/srv/shop/.env");
      await page.locator(at("target-save")).click();
      await page.waitForSelector(at("target-sheet"), { state: "detached" });
      const sent = await calls(page, "add_env_file");
      assert.deepEqual(sent.map((one) => one.tracked), [false, true]);
      await page.locator(at("forget-target")).first().click();
      assert.deepEqual(await calls(page, "remove_target"), [{ targetId: "target-1" }]);
    },
  },
];
