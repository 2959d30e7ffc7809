/** Takes the pictures only: `SHOTS=folder node tests/browser/look.mjs [name…]`. */
import { mkdir } from "node:fs/promises";
import { desk, launch, open, serve } from "./world.mjs";
import { screens } from "./shots.mjs";

const folder = process.env.SHOTS ?? "shots";
await mkdir(folder, { recursive: true });
const wanted = process.argv.slice(2);
const server = await serve("dist-mock");
const browser = await launch();
const context = await desk(browser, 2);
for (const theme of (process.env.THEMES ?? "light dark").split(" ")) {
  for (const screen of screens) {
    if (wanted.length > 0 && !wanted.some((it) => screen.name.startsWith(it))) continue;
    const { page, complaints, close } = await open(context, server.url, screen.scene, { theme, width: screen.width, height: screen.height, place: screen.place });
    try {
      await screen.go(page);
      await page.waitForTimeout(60);
    } catch (error) {
      console.log(screen.name, theme, String(error).split("\n").slice(0, 4).join(" | "));
    }
    await page.screenshot({ path: `${folder}/${screen.name}-${theme}.png` });
    if (complaints.length > 0) console.log(screen.name, theme, [...new Set(complaints)].slice(0, 4));
    await close();
  }
}
await browser.close();
server.close();
