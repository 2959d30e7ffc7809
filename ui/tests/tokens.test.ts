/** Rules of the source that neither the compiler nor svelte-check holds. */
import { describe, expect, test } from "vitest";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

const root = join(import.meta.dirname, "../src");
const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name))
  .map((path) => ({ path: relative(root, path), text: readFileSync(path, "utf8") }));
const components = files.filter((file) => file.path.endsWith(".svelte"));
const source = files.filter((file) => /\.(svelte|ts|css)$/.test(file.path) && file.path !== "ipc/types.ts");

function offenders(among: typeof files, pattern: RegExp, allow: (path: string) => boolean = () => false) {
  return among.filter((file) => !allow(file.path) && pattern.test(file.text)).map((file) => file.path);
}

describe("house rules", () => {
  test("there is something to look at", () => {
    expect(components.length).toBeGreaterThan(50);
  });
  test("colours are written in tokens.css and nowhere else", () => {
    expect(offenders(source.filter((file) => /\.(svelte|css)$/.test(file.path)), /#[0-9a-f]{3,8}\b(?=[;\s,)])|\b(rgb|hsl|oklch)a?\(/i, (path) => path === "tokens.css")).toEqual([]);
  });
  test("every token that is used is defined", () => {
    const all = source.map((file) => file.text).join("\n");
    const defined = new Set([...all.matchAll(/(--[a-z0-9-]+)\s*[:=]/g)].map(([, name]) => name));
    const used = new Set([...all.matchAll(/var\((--[a-z0-9-]+)/g)].map(([, name]) => name));
    expect([...used].filter((name) => !defined.has(name) && !name!.startsWith("--bits"))).toEqual([]);
  });
  test("only ipc names Tauri, and only its client invokes", () => {
    expect(offenders(source, /@tauri-apps\//, (path) => path.startsWith("ipc/"))).toEqual([]);
    expect(offenders(source, /\binvoke\b\s*[<(]/, (path) => path === "ipc/client.ts")).toEqual([]);
  });
  test("parts know no domain", () => {
    expect(offenders(files.filter((file) => file.path.startsWith("parts/")), /from "\.\.\//)).toEqual([]);
  });
  test("no raw HTML, no inline style attribute, no console", () => {
    expect(offenders(components, /\{@html/)).toEqual([]);
    expect(offenders(components, /<[a-z][^>]*\sstyle="/)).toEqual([]);
    expect(offenders(source, /console\./)).toEqual([]);
  });
  test("components stay small", () => {
    const lines = components.map((file) => ({ path: file.path, count: file.text.split("\n").length }));
    expect(lines.filter((it) => it.count > 200)).toEqual([]);
    const parts = lines.filter((it) => it.path.startsWith("parts/")).map((it) => it.count).sort((a, b) => a - b);
    expect(parts[Math.floor(parts.length / 2)]!).toBeLessThanOrEqual(80);
  });
  test("words for people live in copy", () => {
    const literal = />\s*[A-Z][a-z]+ [a-z]+[^<{]*</;
    const markup = components.map((file) => ({ path: file.path, text: file.text.replace(/<script[\s\S]*?<\/script>/g, "").replace(/<style[\s\S]*?<\/style>/g, "").replace(/<!--[\s\S]*?-->/g, "") }));
    expect(offenders(markup, literal)).toEqual([]);
  });
});
