/** A static server with the window's own content policy, a browser, and pages that report every console error and policy violation. */
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { chromium } from "playwright-core";

const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2" };
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src ipc: http://ipc.localhost";

export async function serve(root) {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, "http://localhost").pathname);
    try {
      const body = await readFile(join(root, path === "/" ? "index.html" : path));
      response.writeHead(200, { "content-type": types[extname(path)] ?? "text/html", "content-security-policy": POLICY, "cache-control": "max-age=3600" });
      response.end(body);
    } catch {
      response.writeHead(path === "/favicon.ico" ? 204 : 404).end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

export async function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell",
    headless: true,
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--process-per-site"],
  });
}

/** A person's browser: its pages share a process, which takes half of the time of a page. Two walks at a time need two. */
export async function desk(browser, scale = 1) {
  return browser.newContext({ deviceScaleFactor: scale, timezoneId: "UTC", locale: "en-GB" });
}

export async function open(context, url, scene, { theme = "light", width = 1200, height = 760, extra = "", reduced = false, place = "keys", document = "" } = {}) {
  const page = await context.newPage();
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: theme, reducedMotion: reduced ? "reduce" : "no-preference" });
  // As Tauri does with `freezePrototype`.
  await page.addInitScript(() => Object.freeze(Object.prototype));
  const complaints = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(`${url}${document}?mock=${scene}${extra}`);
  await arrived(page);
  await page.evaluate(() => document.fonts.ready);
  if (place === "keys") {
    // The window opens on the overview; most walks begin at the list, with the focus nowhere.
    const keys = page.locator('[data-testid="place-keys"]');
    if ((await keys.count()) > 0) {
      await keys.click();
      await arrived(page);
      await page.evaluate(() => document.activeElement?.blur());
    }
  }
  // What a page remembers is its walk's own.
  const close = async () => {
    await page.evaluate(() => localStorage.clear()).catch(() => {});
    await page.close();
  };
  return { page, complaints, close };
}

/** Until the screen itself stands there, not the place kept for it while its code is fetched. */
export async function arrived(page) {
  await page.waitForSelector("main:not([aria-busy])", { timeout: 15_000, state: "attached" });
}

export const at = (name) => `[data-testid="${name}"]`;
