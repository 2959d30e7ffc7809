/** What ships: sizes, the content policy's demands, and no trace of the mock. */
import { beforeAll, describe, expect, test } from "vitest";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const ui = join(import.meta.dirname, "..");
let folder = "";
let files: { name: string; body: Buffer }[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "keywheel-ui-"));
  execFileSync(process.execPath, ["node_modules/vite/bin/vite.js", "build", "--outDir", folder, "--emptyOutDir"], { cwd: ui, stdio: "pipe", env: { ...process.env, NODE_ENV: "production" } });
  files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({ name: entry.name, body: readFileSync(join(entry.parentPath, entry.name)) }));
});

const kilobytes = (ending: string, zip: boolean) =>
  files.filter((file) => file.name.endsWith(ending)).reduce((sum, file) => sum + (zip ? gzipSync(file.body).length : file.body.length), 0) / 1000;

/** Files that the page names, and what they import at once; not what is loaded later. */
function initial(): { name: string; body: Buffer }[] {
  const page = files.find((file) => file.name === "index.html")!.body.toString();
  const found = new Set<string>();
  const follow = (name: string) => {
    const file = files.find((it) => it.name === name);
    if (!file || found.has(name)) return;
    found.add(name);
    for (const [, next] of file.body.toString().matchAll(/(?:import|from)\s*"\.\/([^"]+\.js)"/g)) follow(next!);
  };
  for (const [, name] of page.matchAll(/(?:src|href)="\.\/(?:assets\/)?([^"]+\.js)"/g)) follow(name!);
  return files.filter((file) => found.has(file.name));
}

describe("the bundle", () => {
  test("stays within its budgets", () => {
    const js = initial().reduce((sum, file) => sum + gzipSync(file.body).length, 0) / 1000;
    const sizes = { js, later: kilobytes(".js", true) - js, css: kilobytes(".css", true), fonts: kilobytes(".woff2", false) };
    process.stdout.write(`initial JS ${sizes.js.toFixed(1)} kB gz of 140, ${sizes.later.toFixed(1)} kB later · CSS ${sizes.css.toFixed(1)} kB gz of 20 · fonts ${sizes.fonts.toFixed(1)} kB of 100\n`);
    expect(sizes.js).toBeGreaterThan(10);
    expect(sizes.js).toBeLessThanOrEqual(140);
    expect(sizes.css).toBeLessThanOrEqual(20);
    expect(sizes.fonts).toBeLessThanOrEqual(100);
  });
  test("holds no mock and no fixture", () => {
    const script = files.filter((file) => file.name.endsWith(".js")).map((file) => file.body.toString()).join("");
    expect(script).toContain("plan_rotation");
    for (const word of ["Ingest worker", "fixture", "mock.command", "globex"]) expect(script).not.toContain(word);
  });
  test("needs no inline script, no inline style, and only files beside it", () => {
    const page = files.find((file) => file.name === "index.html")!.body.toString();
    expect(page).not.toMatch(/<style|style=|<script(?![^>]*src=)|\son[a-z]+=/);
    expect([...page.matchAll(/(?:src|href)="([^"]+)"/g)].every(([, target]) => target!.startsWith("./"))).toBe(true);
    const style = files.filter((file) => file.name.endsWith(".css")).map((file) => file.body.toString()).join("");
    expect(style).not.toMatch(/https?:|data:|@import/);
    expect(style).toContain("#__tauri_isolation__");
  });
});
