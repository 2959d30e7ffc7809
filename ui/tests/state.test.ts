import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { flushSync } from "svelte";
import { clearMocks } from "@tauri-apps/api/mocks";
import { answerWith, send } from "../src/ipc/mock";
import { home } from "../src/frame/home.svelte";
import { keys } from "../src/keys/keys.svelte";
import { rotations } from "../src/rotations/rotations.svelte";
import { Reveal } from "../src/keys/detail.svelte";
import { app, inventory, key } from "../src/fixtures/data";
import { awaiting, rotationAt } from "../src/fixtures/rotation";

beforeEach(() => {
  answerWith(() => null);
  home.take(inventory());
  keys.clear();
  keys.setGroup("org");
  rotations.close();
});
afterEach(() => clearMocks());

describe("the list", () => {
  test("a blank after a token makes it a chip, Backspace gives it back", () => {
    keys.setText("status:stale ");
    expect(keys.chips).toEqual([{ field: "status", value: "stale" }]);
    expect(keys.text).toBe("");
    expect(keys.matched.every((it) => it.status.kind === "stale")).toBe(true);
    keys.takeBack();
    expect(keys.text).toBe("status:stale");
    expect(keys.chips).toEqual([]);
  });
  test("facets count without the status filter, so that the others stay visible", () => {
    keys.toggleFacet("stale");
    expect(keys.facet).toBe("stale");
    expect(keys.counts.fresh).toBeGreaterThan(0);
    keys.toggleFacet("stale");
    expect(keys.facet).toBeNull();
    expect(keys.matched.length).toBe(40);
  });
  test("the cursor skips group headers from the drawer and follows an open drawer", () => {
    keys.moveTo(1);
    keys.show(keys.rows[1]!.id);
    keys.step(1);
    expect(keys.openId).toBe(keys.rows[2]!.id);
    keys.moveTo(18);
    keys.show(keys.rows[18]!.id);
    keys.step(1);
    expect(keys.rows[keys.cursorAt]!.kind).toBe("key");
    keys.close();
  });
  test("a scope narrows the list and goes when its organisation does", () => {
    home.setScope({ orgId: "org-initech", environmentId: null });
    expect(keys.matched.length).toBe(9);
    home.take({ ...inventory(), orgs: inventory().orgs.slice(0, 2) });
    expect(home.scope).toBeNull();
  });
});

describe("what time changes", () => {
  test("lists that were read without news leave every key as it is, and tell their time", async () => {
    const stop = await home.start();
    home.take(inventory());
    const { keys: before, accounts } = home.inventory!;
    const [first, second] = accounts;
    const at = "2026-11-21T10:00:00Z";
    await send("lists_read", [{ accountId: first!.id, sync: { kind: "listed", at } }]);
    expect(home.accounts.get(first!.id)!.sync).toEqual({ kind: "listed", at });
    expect(home.accounts.get(second!.id)!.sync).toEqual(second!.sync);
    expect(home.keys).toBe(before);
    stop();
  });
  test("an inventory that nothing changes is read again within the hour, as keys age", async () => {
    vi.useFakeTimers();
    const asked: string[] = [];
    answerWith((command) => {
      asked.push(command);
      return command === "app_state" ? app() : command === "inventory" ? inventory() : null;
    });
    const stop = await home.start();
    asked.length = 0;
    await vi.advanceTimersByTimeAsync(59 * 60_000);
    expect(asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(3 * 60_000);
    expect(asked).toEqual(["inventory"]);
    // Behind the lock it would be refused, and there is nothing to judge.
    home.app = { ...home.app!, lock: { since: "2026-11-21T14:05:00Z", afterSeconds: null, openRotations: 0 } };
    await vi.advanceTimersByTimeAsync(120 * 60_000);
    expect(asked).toEqual(["inventory"]);
    stop();
    vi.useRealTimers();
  });
});

describe("rotations", () => {
  test("what an event said is not overwritten by an older answer", () => {
    const mark = rotations.mark();
    const newer = awaiting("rot-9", key(2));
    rotations.heard(newer);
    const older = { ...rotationAt("rot-9", "rotate", key(2), 1, { kind: "running" }, { kind: "running" }, "old"), revision: newer.revision - 1 };
    rotations.read([older], mark);
    expect(rotations.all["rot-9"]).toBe(newer);
    rotations.heard(older);
    expect(rotations.all["rot-9"]).toBe(newer);
    rotations.read([{ ...older, revision: newer.revision }], mark);
    expect(rotations.all["rot-9"]).toBe(newer);
    rotations.read([], rotations.mark());
    expect(rotations.all["rot-9"]).toBeUndefined();
  });
  test("what another process has ended is asked for once, on screen or not", async () => {
    const asked: unknown[] = [];
    const ended = { ...awaiting("rot-8", key(2)), revision: 99, closedAt: "2026-11-21T10:00:00Z" };
    answerWith((command, args) => {
      asked.push([command, args["rotationId"]]);
      return ended;
    });
    rotations.heard(awaiting("rot-8", key(2)));
    await rotations.show("rot-8");
    rotations.read([], rotations.mark());
    expect(rotations.shown?.closedAt).toBeNull();
    await vi.waitFor(() => expect(rotations.shown).toEqual(ended));
    rotations.read([], rotations.mark());
    expect(asked).toEqual([["rotation", "rot-8"]]);
    expect(rotations.open).toEqual([]);
  });
  test("a key that is rotating opens its rotation instead of a new plan", async () => {
    const commands: string[] = [];
    answerWith((command) => {
      commands.push(command);
      return awaiting("rot-1", key(14));
    });
    await rotations.plan(key(14));
    expect(commands).toEqual(["rotation"]);
    expect(rotations.sheet).toEqual({ kind: "run", id: "rot-1" });
  });
  test("a rejected start keeps the plan on screen with the error", async () => {
    answerWith((command) => {
      if (command === "plan_rotation") return { hash: "h", act: "rotate", steps: [], pivot: null, held: null, sentence: "", oldKeyLine: "", strategy: "overlap" };
      throw { code: "rotation.plan_changed", message: "the plan changed", remedy: "Look at it again." };
    });
    await rotations.plan(key(2));
    await rotations.start();
    expect(rotations.sheet.kind).toBe("plan");
    expect(rotations.error?.code).toBe("rotation.plan_changed");
  });
  test("an act on one rotation holds up no other, and its answer leaves the sheet alone", async () => {
    const sent: { id: string; done: (answer: unknown) => void; refused: (why: unknown) => void }[] = [];
    answerWith((_, args) => new Promise((done, refused) => sent.push({ id: String(args["rotationId"]), done, refused })));
    const [first, second] = [awaiting("rot-1", key(2)), awaiting("rot-2", key(3))];
    for (const rotation of [first, second]) rotations.heard(rotation);
    await rotations.show("rot-1");
    const one = rotations.replaced("rot-1");
    void rotations.replaced("rot-1");
    expect(rotations.busy).toBe("replaced");
    await rotations.show("rot-2");
    expect(rotations.busy).toBeNull();
    const two = rotations.replaced("rot-2");
    expect(sent.map((it) => it.id)).toEqual(["rot-1", "rot-2"]);
    sent[0]!.refused({ code: "store.busy", message: "the database is busy", remedy: "Try again." });
    await one;
    expect([rotations.sheet, rotations.error, rotations.busy]).toEqual([{ kind: "run", id: "rot-2" }, null, "replaced"]);
    expect(home.snack?.text).toContain("The database is busy");
    sent[1]!.done({ ...second, revision: second.revision + 1 });
    await two;
    expect([rotations.shown?.revision, rotations.busy]).toEqual([second.revision + 1, null]);
  });
});

describe("reveal", () => {
  test("a value is gone from the state when hidden, and a late answer is not shown", async () => {
    let resolve: (value: unknown) => void = () => {};
    answerWith(() => new Promise((done) => (resolve = done)));
    const reveal = new Reveal();
    const asked = reveal.show("v");
    await Promise.resolve();
    reveal.hide();
    resolve({ value: "not_a_key", hidesInSeconds: 20 });
    await asked;
    expect(reveal.shown).toBeNull();
    answerWith(() => ({ value: "not_a_key", hidesInSeconds: 20 }));
    await reveal.show("v");
    expect(reveal.shown?.value).toBe("not_a_key");
    reveal.hide();
    flushSync();
    expect(JSON.stringify(reveal)).not.toContain("not_a_key");
    expect(reveal.shown).toBeNull();
  });
});
