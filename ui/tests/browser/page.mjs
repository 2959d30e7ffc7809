/** What walks ask of a page, and how they wait for it. */
import { at } from "./world.mjs";

export const row = (page, name) => page.locator(`${at("key-row")}[data-key-name="${name}"]`).first();

/** The arguments of each call of a command so far. */
export const calls = (page, command) => page.evaluate((name) => window.calls.filter(([it]) => it === name).map(([, args]) => args), command);

/** The test id of the element that has the focus. */
export const focused = (page) => page.evaluate(() => document.activeElement?.getAttribute("data-testid"));

/** The page answers in its own time on a busy machine; what must be true is asked until it is. */
export async function soon(claim) {
  const until = Date.now() + 5000;
  for (;;) {
    try {
      return await claim();
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((done) => setTimeout(done, 40));
    }
  }
}
