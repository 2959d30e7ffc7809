/** A checker that reports nothing would pass everything; this one is known to fail on planted faults. */
import { expect, test } from "vitest";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

test("svelte-check reports a planted type error and an accessibility warning", () => {
  const ui = join(import.meta.dirname, "..");
  const run = spawnSync(process.execPath, ["node_modules/svelte-check/bin/svelte-check", "--tsconfig", "tests/planted/tsconfig.json", "--fail-on-warnings", "--output", "machine"], { cwd: ui, encoding: "utf8" });
  expect(run.stdout).toContain("Type 'string' is not assignable to type 'number'");
  expect(run.stdout).toContain("a11y_click_events_have_key_events");
  expect(run.status).not.toBe(0);
});
