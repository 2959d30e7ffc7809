/** Keys that exist already, what is said of them, and a leaked value. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { clearMocks } from "@tauri-apps/api/mocks";
import { answerWith } from "../src/ipc/mock";
import { home } from "../src/frame/home.svelte";
import { AboutDraft, narrowestFirst, proposedName } from "../src/keys/about.svelte";
import { matches, parse } from "../src/keys/filter";
import { mark } from "../src/keys/flags";
import { importing } from "../src/keys/importing.svelte";
import { firstAct, leak } from "../src/leak/leak.svelte";
import { fault, inventory, key, keysOf, providers } from "../src/fixtures/data";
import { identified } from "../src/fixtures/leak";

type Call = [string, Record<string, unknown>];
let calls: Call[] = [];
const asked = (command: string) => calls.filter(([it]) => it === command).map(([, args]) => args);

function answers(given: Record<string, (args: Record<string, unknown>) => unknown>): void {
  calls = [];
  answerWith((command, args) => {
    calls.push([command, args]);
    if (command === "list_providers") return providers;
    if (command === "inventory") return inventory();
    return given[command]?.(args) ?? null;
  });
}
const pasted = () => ({ handle: "pasted-1", hint: "sk_live_…k4Wz", length: 40 });

beforeEach(() => {
  answers({ take_from_clipboard: pasted });
  home.take(inventory());
});
afterEach(() => {
  importing.close();
  leak.close();
  clearMocks();
});

describe("flags and owners", () => {
  const named = (text: string) => keysOf(40).filter((it) => matches(it, parse(text))).map((it) => it.name);
  test("a flag is found by any word of its code, by any and by none", () => {
    expect(named("flag:broader")).toEqual(["Payments API"]);
    expect(named("flag:environments")).toEqual(["Payments API"]);
    expect(named("flag:same_value_two")).toEqual(["Payments API"]);
    expect(named("flag:any").length).toBe(3);
    expect(named("flag:none").length).toBe(37);
  });
  test("an owner is found by any word of the name, and so is that nobody is named", () => {
    expect(named("owner:whitfield")).toEqual(["Payments API"]);
    expect(named("owner:platform")).toEqual(["SEO scanner"]);
    expect(named("owner:none").length).toBe(38);
  });
  test("the mark says the worst and counts the others", () => {
    expect(mark([])).toBeNull();
    expect(mark(key(4).flags)).toBe(key(4).flags[0]!.sentence);
    expect(mark(key(2).flags)).toMatch(/same value: .*\. And 1 more flag\.$/);
  });
});

describe("what is said of a key", () => {
  const overten = providers[0]!;
  test("the narrowest preset comes first", () => {
    expect(narrowestFirst(overten.presets).map((it) => it.name)).toEqual(["Read-only", "Admin"]);
  });
  test("a preset ticks its permissions until the person ticks", () => {
    const draft = new AboutDraft();
    draft.choose("Read-only", overten.presets);
    draft.choose("Admin", overten.presets);
    expect(draft.permissions).toEqual(["read", "write", "admin"]);
    draft.tick("admin");
    draft.choose("Read-only", overten.presets);
    expect(draft.permissions).toEqual(["read", "write"]);
  });
  test("what another provider calls a permission is not sent to this one", () => {
    const draft = new AboutDraft();
    draft.fill({ owner: "Dana", usedFor: null, preset: "Gone", permissions: ["read", "gone"] });
    expect(draft.request(overten)).toEqual({ owner: "Dana", usedFor: "", preset: "", permissions: ["read"] });
  });
  test("a name is proposed once nothing of it is missing", () => {
    expect(proposedName(null, "production", "Export")).toBeNull();
    expect(proposedName("{service}-Key", "production", " ")).toBeNull();
    expect(proposedName("{service}-{environment}-Key", "production", " Nightly, export ")).toBe("Nightly-export-production-Key");
  });
});

describe("importing", () => {
  test("an unknown form is asked about once, and then taken", async () => {
    answers({
      take_from_clipboard: pasted,
      import_key: ({ request }) => {
        if (!(request as { anyway: boolean }).anyway) throw fault("input.unusual_key_format", "unusual", "Look.", "key");
        return key(2);
      },
    });
    importing.start();
    await importing.take();
    importing.name = "Checkout";
    await importing.submit();
    expect(importing.asks).toBe("input.unusual_key_format");
    expect(importing.errorOf("key")).toBeNull();
    await importing.submit();
    expect(importing.open).toBe(false);
    expect(asked("import_key").map((it) => (it.request as { anyway: boolean }).anyway)).toEqual([false, true]);
    expect(asked("forget_pasted")).toEqual([]);
  });
  test("another value is asked about anew", async () => {
    answers({ take_from_clipboard: pasted, import_key: () => { throw fault("input.listed_already", "listed", "Look.", "key"); } });
    importing.start();
    await importing.take();
    await importing.submit();
    expect(importing.asks).toBe("input.listed_already");
    await importing.take();
    expect(importing.asks).toBeNull();
  });
  test("closing forgets the value, also one that is still on its way", async () => {
    let resolve: (value: unknown) => void = () => {};
    answers({ take_from_clipboard: () => new Promise((done) => (resolve = done)) });
    importing.start();
    const taken = importing.take();
    await new Promise((done) => setTimeout(done));
    importing.close();
    resolve(pasted());
    await taken;
    expect(importing.pasted).toBeNull();
    expect(asked("forget_pasted")).toEqual([{ handle: "pasted-1" }]);
  });
});

describe("a leaked value", () => {
  test("the first step that can be started is the one to press", () => {
    const found = identified(key(2)).keys[0]!;
    expect(found.steps.map((step) => step.act)).toEqual(["revoke_first", null, "rotate"]);
    expect(firstAct(found)).toBe(0);
    expect(firstAct({ ...found, steps: [{ sentence: "On the page.", act: null, command: null }] })).toBe(-1);
  });
  test("its handle is forgotten as soon as it is identified", async () => {
    answers({ take_from_clipboard: pasted, identify_pasted: () => identified(key(2)) });
    leak.start();
    await leak.take();
    expect(leak.found?.keys.length).toBe(1);
    expect(asked("take_from_clipboard")).toEqual([{ providerId: null, field: "key" }]);
    expect(asked("forget_pasted")).toEqual([{ handle: "pasted-1" }]);
  });
  test("an answer that comes after closing is not shown, and its handle is forgotten", async () => {
    let resolve: (value: unknown) => void = () => {};
    answers({ take_from_clipboard: pasted, identify_pasted: () => new Promise((done) => (resolve = done)) });
    leak.start();
    const taken = leak.take();
    await new Promise((done) => setTimeout(done, 5));
    leak.close();
    resolve(identified(null));
    await taken;
    expect(leak.found).toBeNull();
    expect(asked("forget_pasted")).toEqual([{ handle: "pasted-1" }]);
  });
});
