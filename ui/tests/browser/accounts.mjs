/** What an account goes by: a definition that means something else is looked at, and accepted by a second act. */
import assert from "node:assert/strict";
import { calls, soon } from "./page.mjs";
import { at } from "./world.mjs";

export const walks = [
  {
    name: "a changed definition is accepted only after its differences were shown",
    scene: "redefined",
    go: async (page) => {
      await page.locator(at("place-accounts")).click();
      assert.match(await page.locator(at("definition-changed")).innerText(), /has changed in 2 places; it goes on by the former one/);
      await page.locator(at("look-at-definition")).click();
      assert.match(await page.locator(at("confirm-definition")).innerText(), /no value goes anywhere by it.*api\.overten\.dev → api\.overten\.example/s);
      await soon(async () => assert.equal(await page.evaluate(() => document.activeElement?.textContent?.trim()), "Cancel", "Cancel has the focus"));
      await page.keyboard.press("Enter");
      await page.waitForSelector(at("confirm-definition"), { state: "detached" });
      assert.deepEqual(await calls(page, "accept_definition"), [], "one act does nothing");
      await page.locator(at("look-at-definition")).click();
      await page.locator(at("confirm-definition-yes")).click();
      await page.waitForSelector(at("definition-changed"), { state: "detached" });
      assert.deepEqual(await calls(page, "accept_definition"), [{ accountId: "acc-1", digest: "sha256:0f3a" }]);
      await soon(async () => assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-testid")), "refresh", "the focus has a place"));
    },
  },
];
