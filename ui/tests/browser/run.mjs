/**
 * The built window against a mocked IPC, under the window's own content policy: behaviour, axe on every screen in
 * both themes, what is cut off in a small window, and pictures into the folder that SHOTS names. Exits non-zero when
 * anything fails.
 */
import { mkdir, readFile } from "node:fs/promises";
import { spawnSync } from "node:child_process";
import { arrived, desk, launch, open, serve } from "./world.mjs";
import { cutOff, sizes } from "./narrow.mjs";
import { screens } from "./shots.mjs";
import { walks } from "./walks.mjs";
import { walks as accounts } from "./accounts.mjs";
import { walks as batch } from "./batch.mjs";
import { walks as found } from "./found.mjs";
import { walks as overview } from "./overview.mjs";
import { walks as quick } from "./quick.mjs";
import { walks as settings } from "./settings.mjs";
import { walks as silence } from "./silence.mjs";
import { walks as targets } from "./targets.mjs";
import { walks as timeline } from "./timeline.mjs";
import { walks as settle } from "./settle.mjs";
import { walks as undo } from "./undo.mjs";

const ui = new URL("../..", import.meta.url).pathname;
process.chdir(ui);
const built = spawnSync(process.execPath, ["node_modules/vite/bin/vite.js", "build", "--mode", "mock"], { encoding: "utf8", env: { ...process.env, NODE_ENV: "production" } });
if (built.status !== 0) {
  console.error(built.stdout, built.stderr);
  process.exit(1);
}

const axe = await readFile("node_modules/axe-core/axe.min.js", "utf8");
const server = await serve("dist-mock");
const browser = await launch();
const failures = [];
let passed = 0;
const only = process.argv[2];

/** Checks side by side: most of a page's time is waiting. Each lane has a desk of its own. */
const LANES = 2;
const checks = [];

function check(name, act) {
  if (!only || name.includes(only)) checks.push((context) => carryOut(name, () => act(context)));
}

async function carryOut(name, act) {
  try {
    await act();
    passed += 1;
    console.log(`ok    ${name}`);
  } catch (error) {
    failures.push(name);
    console.log(`FAIL  ${name}\n      ${String(error?.message ?? error).split("\n").slice(0, 6).join("\n      ")}`);
  }
}

for (const walk of [...walks, ...accounts, ...batch, ...found, ...overview, ...quick, ...settings, ...settle, ...silence, ...targets, ...timeline, ...undo]) {
  check(walk.name, async (context) => {
    const world = await open(context, server.url, walk.scene ?? "keys", walk.options);
    try {
      await walk.go(world.page, world);
      if (world.complaints.length > 0) throw new Error(`the console complains: ${world.complaints.join(" | ")}`);
    } finally {
      await world.close();
    }
  });
}

/** axe reads the page from an isolated world, which the page's policy does not bind. */
async function violations(page) {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send("Page.getFrameTree");
  const { executionContextId: contextId } = await session.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id });
  const run = (expression) => session.send("Runtime.evaluate", { contextId, expression, awaitPromise: true, returnByValue: true });
  await run(axe);
  const { result, exceptionDetails } = await run(
    `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }).then((it) => JSON.stringify(it.violations.map((one) => one.id + ": " + one.nodes.slice(0, 3).map((node) => node.target.join(" ") + " " + (node.any[0]?.message ?? "")).join(" | "))))`,
  );
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return JSON.parse(result.value);
}

/** In a share each screen is looked at in one theme; which one changes with the seed. Pictures are of both. */
const share = process.env.KEYWHEEL_SHARE;
const turn = share === undefined ? undefined : Number.parseInt(share, 16) % 2;
const themes = (index) => (turn === undefined ? ["light", "dark"] : [(index + turn) % 2 === 0 ? "light" : "dark"]);

const folder = process.env.SHOTS;
if (folder) await mkdir(folder, { recursive: true });
for (const [index, screen] of screens.entries()) {
  for (const theme of themes(index)) {
    check(`${theme} ${screen.name}`, async (context) => {
      // What is looked at stands still: walks are where things move.
      const world = await open(context, server.url, screen.scene, { theme, reduced: true, width: screen.width, height: screen.height, place: screen.place, document: screen.document });
      try {
        await screen.go(world.page);
        await arrived(world.page);
        await world.page.waitForTimeout(60);
        if (folder) await world.page.screenshot({ path: `${folder}/${screen.name}-${theme}.png` });
        const found = await violations(world.page);
        if (theme === themes(index)[0]) {
          for (const size of screen.sizes ?? sizes) {
            await world.page.setViewportSize(size);
            await world.page.waitForTimeout(120);
            if (folder) await world.page.screenshot({ path: `${folder}/${screen.name}-${size.width}.png` });
            const cut = await world.page.evaluate(cutOff);
            found.push(...cut.map((one) => `at ${size.width} × ${size.height} ${one}`));
          }
        }
        if (found.length > 0) throw new Error(found.join("\n"));
        if (world.complaints.length > 0) throw new Error(`the console complains: ${world.complaints.join(" | ")}`);
      } finally {
        await world.close();
      }
    });
  }
}

async function lane() {
  const context = await desk(browser, folder ? 2 : 1);
  for (let next = checks.shift(); next; next = checks.shift()) await next(context);
  await context.close();
}
await Promise.all(Array.from({ length: LANES }, lane));

await browser.close();
server.close();
console.log(`\n${passed} passed, ${failures.length} failed${folder ? `, pictures in ${folder}` : ""}`);
for (const name of failures) console.log(`  ${name}`);
process.exit(failures.length > 0 ? 1 : 0);
