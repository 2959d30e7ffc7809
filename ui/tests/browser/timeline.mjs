/** Walks over the timeline of rotations, and over the activity's filter and export. */
import assert from "node:assert/strict";
import { calls } from "./page.mjs";
import { at } from "./world.mjs";

const go = (page, place) => page.locator(at(`place-${place}`)).click();

export const walks = [
  {
    name: "the timeline reads what ended of late, filters by word, and opens a rotation by keyboard",
    scene: "awaiting",
    go: async (page) => {
      await go(page, "rotations");
      await page.waitForSelector(at("rotation-row"));
      assert.deepEqual(await calls(page, "recent_rotations"), [{ days: 14 }]);
      assert.ok((await page.locator(at("due-row")).count()) > 0, "keys that come next are on it");
      await page.keyboard.press("Control+f");
      await page.keyboard.type("ingest turn");
      assert.equal(await page.locator(at("rotation-row")).count(), 1);
      assert.equal(await page.locator(at("due-row")).count(), 0);
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await page.locator(at("rotation-row")).focus();
      await page.keyboard.press("Enter");
      await page.waitForSelector(at("rotation-sheet"));
      await page.keyboard.press("Escape");
      await page.locator(at("rotation-sheet")).waitFor({ state: "detached" });
      await page.locator(at("rotations-filter")).fill("zebra");
      await page.getByText("No rotation matches zebra").waitFor();
    },
  },
  {
    name: "the timeline says all of it in a table",
    scene: "awaiting",
    go: async (page) => {
      await go(page, "rotations");
      const rows = page.locator("main table.sr tbody tr");
      await rows.first().waitFor({ state: "attached" });
      const said = await rows.allTextContents();
      assert.ok(said.some((row) => row.includes("Ingest worker") && row.includes("Your turn")), said.join("\n"));
      assert.equal(said.length, (await page.locator(at("rotation-row")).count()) + (await page.locator(at("due-row")).count()));
    },
  },
  {
    name: "the timeline at 880 × 560 and at 200 % scrolls in itself and keeps each row whole",
    scene: "hostile",
    go: async (page) => {
      for (const [width, height] of [[880, 560], [600, 380]]) {
        await page.setViewportSize({ width, height });
        await go(page, "rotations");
        await page.waitForSelector(at("due-row"));
        const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        assert.equal(wide, false, `${width} is too narrow`);
      }
    },
  },
  {
    name: "activity is filtered by kind, and what is left is exported into a new file",
    go: async (page) => {
      await go(page, "activity");
      await page.waitForSelector(at("event"));
      const all = await page.locator(at("event")).count();
      await page.locator(at("activity-kind")).selectOption("rotation");
      const left = await page.locator(at("event")).count();
      assert.ok(left > 0 && left < all, `${left} of ${all}`);
      assert.deepEqual([...new Set(await page.locator(at("event")).evaluateAll((rows) => rows.map((row) => row.dataset.verb.split(".")[0])))], ["rotation"]);
      await page.locator(at("export")).click();
      await page.locator(at("export-format")).selectOption("json");
      await page.locator(at("export-choose")).click();
      await page.getByText(".json", { exact: false }).first().waitFor();
      await page.locator(at("export-save")).click();
      await page.locator(at("export-sheet")).waitFor({ state: "detached" });
      const [{ ids, handle, path, table }] = await calls(page, "export_activity");
      assert.deepEqual([ids.length, handle, path, table], [left, "chosen 1", undefined, false], "the page names no path");
      await page.locator(at("activity-filter")).fill("zebra");
      await page.getByText("No activity matches this filter.").waitFor();
      await page.keyboard.press("Escape");
      assert.equal(await page.locator(at("event")).count(), all, "Escape takes every part of the filter away");
    },
  },
];
