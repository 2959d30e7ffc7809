/** Taking a new key back, and sentences that claim no more than was said. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { clearMocks } from "@tauri-apps/api/mocks";
import { answerWith } from "../src/ipc/mock";
import { home } from "../src/frame/home.svelte";
import { endsAtOnce, inGrace, untouched } from "../src/rotations/lines";
import { rotations } from "../src/rotations/rotations.svelte";
import { allTheSame, isTyped } from "../src/rotations/undo";
import { numberOf, word } from "../src/keys/versions";
import { fault, inventory, key, NOW } from "../src/fixtures/data";
import { awaiting, failed, inUse, mayHaveChanged, notDiscarded, overlap, rotationAt, unknownMint } from "../src/fixtures/rotation";

const UNSHOWN = ["key.predecessor_refused", "key.predecessor_unlisted", "keychain.missing", "keychain.mismatch"];
const refusal = (code: string) => fault(code, "refused", "Look.");
let calls: unknown[] = [];

beforeEach(() => {
  calls = [];
  answerWith(() => null);
  home.take(inventory());
  rotations.close();
});
afterEach(() => clearMocks());

describe("taking a new key back", () => {
  test("the name goes with the order only where the new key is in use", async () => {
    answerWith((command, args) => {
      calls.push([command, args]);
      return rotationAt("rot-1", "rotate", key(14), 0, { kind: "undone" }, { kind: "undone", at: NOW }, "");
    });
    for (const [rotation, anyway] of [[awaiting("rot-1", key(14)), false], [overlap("rot-1", key(14)), false], [overlap("rot-1", key(14)), true]] as const) {
      await rotations.undo(rotation, anyway);
    }
    expect(calls).toEqual([
      ["undo_rotation", { rotationId: "rot-1", inUse: null, anyway: false }],
      ["undo_rotation", { rotationId: "rot-1", inUse: "Ingest worker", anyway: false }],
      ["undo_rotation", { rotationId: "rot-1", inUse: "Ingest worker", anyway: true }],
    ]);
  });
  test("a refusal that shows no working old key offers to discard all the same; no other does", () => {
    const stands = overlap("r", key(14));
    for (const code of UNSHOWN) expect(allTheSame(stands, "undo", refusal(code)), code).toBe("discard");
    for (const code of ["provider.undetermined", "store.busy", "rotation.new_in_use"]) expect(allTheSame(stands, "undo", refusal(code)), code).toBeNull();
    expect(allTheSame(mayHaveChanged("r", key(14)), "undo", refusal("rotation.may_have_changed"))).toBe("end");
    expect(allTheSame(stands, "undo", null)).toBeNull();
    expect(allTheSame(stands, "copyNew", refusal("keychain.missing")), "the keychain lacked another value").toBeNull();
    expect(allTheSame(notDiscarded("r", key(14)), "undo", refusal("key.predecessor_refused")), "it stands in the sheet").toBeNull();
  });
  test("a refusal may come after the command has answered", async () => {
    const stands = overlap("rot-1", key(14));
    answerWith(() => stands);
    rotations.heard(stands);
    await rotations.show("rot-1");
    await rotations.undo(stands);
    expect(rotations.error).toBeNull();
    rotations.broke({ rotationId: "rot-1", error: refusal("key.predecessor_refused") });
    expect(allTheSame(stands, rotations.tried, rotations.error)).toBe("discard");
    await rotations.copyNew("ver-new");
    rotations.broke({ rotationId: "rot-1", error: refusal("keychain.missing") });
    expect(allTheSame(stands, rotations.tried, rotations.error)).toBeNull();
  });
  test("a name is typed as it is or as it is shown", () => {
    expect(isTyped(" Payments API ", "Payments API")).toBe(true);
    expect(isTyped("pay⟨202E⟩yek", "pay\u202Eyek", "pay⟨202E⟩yek")).toBe(true);
    expect(isTyped("payments api", "Payments API")).toBe(false);
    expect(isTyped("", "Payments API")).toBe(false);
  });
});

describe("what a press brings", () => {
  const stands = awaiting("r", key(14));
  const without = (...gone: string[]) => ({ ...stands, steps: stands.steps.filter((step) => !gone.includes(step.step)) });
  test("the end of the old key follows at once where nothing is waited for and Keywheel ends it", () => {
    expect(endsAtOnce(stands), "an overlap lies between").toBe(false);
    expect(endsAtOnce(without("wait"))).toBe(true);
    expect(endsAtOnce(without("wait", "revoke_old"))).toBe(false);
    const byPerson = without("wait");
    expect(endsAtOnce({ steps: byPerson.steps.map((step) => (step.step === "revoke_old" ? { ...step, actor: "person" as const } : step)) })).toBe(false);
  });
  test("past the point of no return the old key ends by itself; in an outage it has ended", () => {
    expect(inGrace(overlap("r", key(14)))).toBe(false);
    expect(inGrace({ ...stands, pivot: 1 })).toBe(true);
    expect(inGrace({ ...stands, pivot: 1, outage: true })).toBe(false);
  });
  test("nothing has changed only before the first step that changes something", () => {
    expect(untouched(rotationAt("r", "rotate", key(14), 0, { kind: "failed", error: refusal("store.busy") }, { kind: "failed" }, ""))).toBe(true);
    expect(untouched(mayHaveChanged("r", key(14))), "an answer was lost").toBe(false);
    expect(untouched(unknownMint("r", key(14)))).toBe(false);
    expect(untouched(failed("r", key(14)))).toBe(false);
    const waits = { kind: "waiting", waitingFor: "person", until: null } as const;
    expect(untouched(rotationAt("r", "rotate", key(14), 1, waits, { kind: "awaiting_person" }, ""))).toBe(true);
    expect(inUse("r", key(14)).acts.undoFromUse).toBe(true);
  });
});

describe("versions", () => {
  const receipt = { at: NOW, message: "", proven: true };
  test("dead is what a refused call proves; the rest has ended", () => {
    expect(word({ state: "revoked", receipt })).toBe("dead");
    expect(word({ state: "revoked", receipt: { ...receipt, proven: false } })).toBe("ended");
    expect(word({ state: "revoked", receipt: null })).toBe("ended");
    expect(word({ state: "live", receipt: null })).toBe("current");
  });
  test("the number is of the version that is shown, not of the newest", () => {
    const versions = [{ id: "discarded" }, { id: "current" }, { id: "first" }];
    expect(numberOf(versions, "current")).toBe(2);
    expect(numberOf(versions, "discarded")).toBe(3);
    expect(numberOf(versions, null)).toBe(3);
  });
});
