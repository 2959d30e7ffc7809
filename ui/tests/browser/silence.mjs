/** An old key that is still in use: when it was seen, asking again, and revoking it all the same by a second act. */
import assert from "node:assert/strict";
import { calls } from "./page.mjs";
import { at } from "./world.mjs";

/** Opens the rotation that waits. */
export async function open(page) {
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  await page.locator(at("rotation-row")).first().click();
  await page.waitForSelector(at("silence-box"));
}

export const walks = [
  {
    name: "an old key that is in use is revoked only by a second act",
    scene: "in-use",
    go: async (page) => {
      await page.keyboard.press("g");
      await page.keyboard.press("r");
      assert.match(await page.locator(at("rotation-row")).first().innerText(), /Last seen .*still in use/s);
      await open(page);
      const said = await page.locator(at("silence-box")).innerText();
      assert.match(said, /Last seen \d\d:\d\d\. Asked again/);
      await page.locator(at("revoke-anyway")).click();
      await page.waitForSelector(at("confirm-anyway"));
      assert.equal(await page.evaluate(() => document.activeElement?.textContent?.trim()), "Cancel", "Cancel has the focus");
      await page.keyboard.press("Escape");
      await page.waitForSelector(at("confirm-anyway"), { state: "detached" });
      assert.deepEqual(await calls(page, "revoke_anyway"), [], "one act does nothing");
      await page.locator(at("revoke-anyway")).click();
      await page.locator(at("confirm-anyway-yes")).click();
      await page.waitForSelector(at("receipt"));
      assert.deepEqual(await calls(page, "revoke_anyway"), [{ rotationId: "rot-1" }]);
    },
  },
  {
    name: "another machine that replaces the same key is told as such, and overruled by a second act",
    scene: "elsewhere",
    go: async (page) => {
      await open(page);
      const said = await page.locator(at("silence-box")).innerText();
      assert.match(said, /Another new key of this name is at the provider\. Asked again/);
      assert.doesNotMatch(said, /[Ll]ast seen|never saw/);
      await page.locator(at("revoke-anyway")).click();
      await page.waitForSelector(at("confirm-anyway"));
      await page.locator(at("confirm-anyway-yes")).click();
      await page.waitForSelector(at("receipt"));
    },
  },
  {
    name: "an old key that is in use is asked about again, and is in the queue",
    scene: "in-use",
    go: async (page) => {
      await open(page);
      await page.locator(at("ask-now")).click();
      await page.waitForFunction(() => window.calls.some(([name]) => name === "resume_rotation"));
    },
  },
];
