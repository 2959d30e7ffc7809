/** Taking a new key back: asked where it harms, overruled by a second act; what is said of an end; kept values. */
import assert from "node:assert/strict";
import { calls, row, soon } from "./page.mjs";
import { at } from "./world.mjs";

/** Opens the rotation, whether it is open or has ended. */
export async function open(page) {
  await page.locator(at("place-rotations")).click();
  await page.locator(at("rotation-row")).first().click();
  await page.waitForSelector(at("rotation-sheet"));
}
export async function openKept(page) {
  await row(page, "Source maps upload").click();
  await page.waitForSelector(at("version-kept"));
}
const cancelled = (page) => soon(async () => assert.equal(await page.evaluate(() => document.activeElement?.textContent?.trim()), "Cancel", "Cancel has the focus"));
const isHeld = (page, name) => page.locator(at(name)).getAttribute("aria-disabled");

export const walks = [
  {
    name: "a key that is in use is discarded only by a second act",
    scene: "overlap",
    go: async (page) => {
      await open(page);
      await page.locator(at("undo")).click();
      await page.waitForSelector(at("confirm-undo"));
      await cancelled(page);
      assert.match(await page.locator(at("confirm-undo")).innerText(), /Discard the key that is in use.*nobody puts the old one back/s);
      await page.keyboard.press("Enter");
      await page.waitForSelector(at("confirm-undo"), { state: "detached" });
      assert.deepEqual(await calls(page, "undo_rotation"), [], "one act does nothing");
      await page.locator(at("undo")).click();
      assert.equal(await page.locator(at("confirm-undo-typed")).count(), 0, "not in production");
      await page.locator(at("confirm-undo-yes")).click();
      await page.locator(`${at("rotation-sheet")}[data-state="undone"]`).waitFor();
      assert.deepEqual(await calls(page, "undo_rotation"), [{ rotationId: "rot-1", inUse: "Ingest worker", anyway: false }]);
    },
  },
  {
    name: "in production the key's name is typed before a key that is in use is discarded",
    scene: "overlap-production",
    go: async (page) => {
      await open(page);
      await page.locator(at("undo")).click();
      await page.waitForSelector(at("confirm-undo-typed"));
      await cancelled(page);
      assert.equal(await isHeld(page, "confirm-undo-yes"), "true");
      await page.locator(at("confirm-undo-yes")).click({ force: true });
      await page.locator(at("confirm-undo-typed")).fill("ingest worker");
      await page.keyboard.press("Enter");
      assert.deepEqual(await calls(page, "undo_rotation"), [], "another name is not the key's");
      await page.keyboard.press("Escape");
      await page.waitForSelector(at("confirm-undo"), { state: "detached" });
      await page.locator(at("undo")).click();
      assert.equal(await page.locator(at("confirm-undo-typed")).inputValue(), "", "asked anew");
      await page.locator(at("confirm-undo-typed")).fill("Ingest worker");
      assert.equal(await isHeld(page, "confirm-undo-yes"), null);
      await page.keyboard.press("Enter");
      await page.locator(`${at("rotation-sheet")}[data-state="undone"]`).waitFor();
      assert.deepEqual(await calls(page, "undo_rotation"), [{ rotationId: "rot-1", inUse: "Ingest worker", anyway: false }]);
    },
  },
  {
    name: "a new key that nobody uses yet is discarded by one press",
    scene: "awaiting",
    go: async (page) => {
      await open(page);
      await page.locator(at("undo")).click();
      await page.locator(`${at("rotation-sheet")}[data-state="undone"]`).waitFor();
      assert.deepEqual(await calls(page, "undo_rotation"), [{ rotationId: "rot-1", inUse: null, anyway: false }]);
    },
  },
  {
    name: "an undo is refused where nothing shows that the old key works, and overruled by a second act",
    scene: "undo-refused",
    go: async (page) => {
      await open(page);
      await page.locator(at("undo")).click();
      assert.equal(await page.locator(at("undo-anyway")).count(), 0);
      await page.locator(at("confirm-undo-yes")).click();
      await page.locator(`${at("error")}[data-code="key.predecessor_refused"]`).waitFor();
      await page.locator(`${at("old-line")}[data-state="refused"]`).waitFor();
      await page.locator(at("undo-anyway")).click();
      await page.waitForSelector(at("confirm-undo-anyway"));
      await cancelled(page);
      assert.equal((await calls(page, "undo_rotation")).length, 1);
      await page.locator(at("confirm-undo-anyway-yes")).click();
      await page.locator(`${at("rotation-sheet")}[data-state="undone"]`).waitFor();
      assert.deepEqual((await calls(page, "undo_rotation"))[1], { rotationId: "rot-1", inUse: "Ingest worker", anyway: true });
    },
  },
  {
    name: "a value that may have been replaced is left as it is only by a second act",
    scene: "may-have-changed",
    go: async (page) => {
      await open(page);
      assert.equal(await page.locator(at("old-line")).getAttribute("data-state"), "untouched");
      assert.match(await page.locator(at("old-line")).innerText(), /untouched.*not verified/s);
      assert.doesNotMatch(await page.locator(at("rotation-sheet")).innerText(), /changed nothing/);
      await page.locator(at("undo")).click();
      await page.locator(`${at("error")}[data-code="rotation.may_have_changed"]`).waitFor();
      assert.equal((await page.locator(at("undo-anyway")).innerText()).trim(), "End it as it is");
      await page.locator(at("undo-anyway")).click();
      await page.locator(at("confirm-undo-anyway-yes")).click();
      await page.locator(`${at("rotation-sheet")}[data-state="stopped"]`).waitFor();
      assert.deepEqual((await calls(page, "undo_rotation"))[1], { rotationId: "rot-1", inUse: null, anyway: true });
    },
  },
  {
    name: "a discard that stopped can be tried again, told as done, or ordered all the same",
    scene: "not-discarded",
    go: async (page) => {
      await open(page);
      assert.equal((await page.locator(at("deleted")).innerText()).trim(), "I have deleted the new key");
      assert.equal((await page.locator(at("resume")).innerText()).trim(), "Try again");
      assert.equal(await page.locator(at("undo")).count(), 0);
      await page.locator(at("undo-anyway")).click();
      await page.locator(at("confirm-undo-anyway-typed")).fill("Ingest worker");
      await page.locator(at("confirm-undo-anyway-yes")).click();
      await page.locator(`${at("rotation-sheet")}[data-state="undone"]`).waitFor();
      assert.deepEqual((await calls(page, "undo_rotation")).map((it) => it.anyway), [true]);
    },
  },
  ...[["no-overlap", "I have replaced it: revoke the old key"], ["awaiting", "I have replaced it"]].map(([scene, label]) => ({
    name: `the press that says it is replaced names the end that it brings: ${scene}`,
    scene,
    go: async (page) => {
      await open(page);
      assert.equal((await page.locator(at("replaced")).innerText()).trim(), label);
      assert.match(await page.locator(at("rotation-sheet")).innerText(), /The old key is not touched before that\./);
    },
  })),
  {
    name: "a receipt that proves nothing is noted, and not green",
    scene: "unproven",
    go: async (page) => {
      await open(page);
      const receipt = page.locator(at("receipt"));
      assert.match(await receipt.innerText(), /nothing was proven\. Noted 21 Nov, 14:05/);
      const colour = await receipt.evaluate((it) => getComputedStyle(it).backgroundColor);
      const green = await page.evaluate(() => {
        const swatch = document.createElement("i");
        document.body.append(swatch);
        swatch.style.setProperty("background", "var(--st-fresh-tint)");
        const value = getComputedStyle(swatch).backgroundColor;
        swatch.remove();
        return value;
      });
      assert.notEqual(colour, green);
    },
  },
  {
    name: "a kept value says so, and is removed only by a second act",
    go: async (page) => {
      await openKept(page);
      assert.match(await page.locator(at("flag")).innerText(), /list lacks it since 2026-11-20/);
      const [kept, current, ended] = await page.locator(at("version")).allInnerTexts();
      assert.match(kept, /ended.*kept, unproven/s);
      assert.match(current, /current.*not listed since 20 Nov 2026/s);
      assert.match(ended, /dead/);
      assert.equal(await page.locator(at("drawer-version")).innerText(), "Version 2");
      await page.locator(at("remove-kept")).click();
      await page.waitForSelector(at("confirm-remove-kept"));
      await cancelled(page);
      await page.keyboard.press("Enter");
      await page.waitForSelector(at("confirm-remove-kept"), { state: "detached" });
      assert.deepEqual(await calls(page, "remove_kept"), []);
      await page.locator(at("remove-kept")).click();
      await page.locator(at("confirm-remove-kept-yes")).click();
      await page.waitForSelector(at("version-kept"), { state: "detached" });
      assert.deepEqual(await calls(page, "remove_kept"), [{ versionId: "ver-kept" }]);
      await soon(async () => assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-testid")), "drawer"));
    },
  },
  {
    name: "a kept value is brought back only by a second act",
    go: async (page) => {
      await openKept(page);
      await page.locator(at("restore-kept")).click();
      await page.waitForSelector(at("confirm-restore-kept"));
      await cancelled(page);
      await page.keyboard.press("Enter");
      await page.waitForSelector(at("confirm-restore-kept"), { state: "detached" });
      assert.deepEqual(await calls(page, "restore_kept"), []);
      await page.locator(at("restore-kept")).click();
      await page.locator(at("confirm-restore-kept-yes")).click();
      await page.waitForSelector(at("confirm-restore-kept"), { state: "detached" });
      assert.deepEqual(await calls(page, "restore_kept"), [{ versionId: "ver-kept", anyway: false }]);
    },
  },
];
