/** A rotation that comes to no end is ended by what the person says of each key: all of it, and by a second act. */
import assert from "node:assert/strict";
import { calls } from "./page.mjs";
import { open } from "./undo.mjs";
import { at } from "./world.mjs";

export const walks = [
  {
    name: "a rotation whose answer was lost is ended by the person's word about each key",
    scene: "unknown",
    go: async (page) => {
      await open(page);
      await page.locator(at("settle")).click();
      await page.waitForSelector(at("confirm-settle"));
      const held = () => page.locator(at("confirm-settle-yes")).getAttribute("aria-disabled");
      assert.equal(await held(), "true", "nothing is said yet");
      assert.equal(await page.locator(at("settle-new-works")).count(), 0, "nobody has it");
      await page.locator(at("settle-old-works")).click();
      assert.equal(await held(), "true", "nothing is said of the other");
      await page.locator(at("settle-new-leave")).click();
      assert.equal(await held(), null);
      assert.deepEqual(await calls(page, "settle_rotation"), [], "to choose is not to end it");
      await page.locator(at("confirm-settle-yes")).click();
      await page.locator(`${at("rotation-sheet")}[data-state="settled"]`).waitFor();
      assert.deepEqual(await calls(page, "settle_rotation"), [{ rotationId: "rot-1", old: "works", new: "leave" }]);
    },
  },
  {
    name: "where it goes as planned, nobody is asked to end it",
    scene: "awaiting",
    go: async (page) => {
      await open(page);
      assert.equal(await page.locator(at("settle")).count(), 0);
    },
  },
];
