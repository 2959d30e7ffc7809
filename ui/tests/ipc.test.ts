import { afterEach, describe, expect, test, vi } from "vitest";
import { clearMocks } from "@tauri-apps/api/mocks";
import * as client from "../src/ipc/client";
import { asErrorView, OUTSIDE, sentence } from "../src/ipc/errors";
import { subscribe } from "../src/ipc/events";
import { answerWith, send } from "../src/ipc/mock";
import { fault } from "../src/fixtures/data";
import { awaiting } from "../src/fixtures/rotation";
import { key } from "../src/fixtures/data";

afterEach(() => clearMocks());

describe("errors", () => {
  test("a rejection of Rust passes through with its field and remedy", () => {
    const error = fault("org.name_taken", "another organisation has this name", "Choose another name.", "name");
    expect(asErrorView(error)).toEqual(error);
  });
  test("anything else becomes a fault of the window, without its text", () => {
    for (const odd of ["secret text sk_live_x", new Error("sk_live_x"), null, 7, { code: "half" }]) {
      const error = asErrorView(odd);
      expect(error.code).toBe(OUTSIDE);
      expect(JSON.stringify(error)).not.toContain("sk_live");
    }
  });
  test("missing parts of a rejection get safe values: what happened is unknown", () => {
    expect(asErrorView({ code: "a.b", message: "m", remedy: "r" })).toMatchObject({ effect: "unknown", field: null, details: [] });
  });
  test("a fragment becomes a sentence once", () => {
    expect(sentence(fault("a", "no answer from Overten", ""))).toBe("No answer from Overten.");
    expect(sentence(fault("a", "Really?", ""))).toBe("Really?");
  });
});

describe("commands", () => {
  test("names and arguments are those of the contract", async () => {
    const calls: [string, unknown][] = [];
    answerWith((command, args) => {
      calls.push([command, args]);
      return null;
    });
    await client.startRotation("key-1", "hash-1", false);
    await client.answerQuestion("rot-1", "revoke", null);
    await client.takeFromClipboard("overten", "id_token");
    await client.setPolicy({ kind: "all", id: null, maxAgeDays: 90, dueSoonPercent: null, overlapHours: 24, quietHours: 2, verifyDays: null });
    await client.refreshAccounts(null);
    await client.addEnvFile("key-1", "/srv/shop/.env", "OVERTEN_KEY", false);
    await client.removeTarget("target-1");
    await client.undoRotation("rot-1", "Ingest worker", false);
    await client.removeKept("ver-1");
    await client.restoreKept("ver-1", false);
    await client.acceptDefinition("acc-1", "sha256:0f3a");
    await client.copyKey("key-1");
    expect(calls).toEqual([
      ["start_rotation", { keyId: "key-1", planHash: "hash-1", revokeFirst: false }],
      ["answer_question", { rotationId: "rot-1", answer: "revoke", remoteId: null }],
      ["take_from_clipboard", { providerId: "overten", field: "id_token" }],
      ["set_policy", { rule: { kind: "all", id: null, maxAgeDays: 90, dueSoonPercent: null, overlapHours: 24, quietHours: 2, verifyDays: null } }],
      ["refresh_accounts", { accountId: null }],
      ["add_env_file", { keyId: "key-1", path: "/srv/shop/.env", name: "OVERTEN_KEY", tracked: false }],
      ["remove_target", { targetId: "target-1" }],
      ["undo_rotation", { rotationId: "rot-1", inUse: "Ingest worker", anyway: false }],
      ["remove_kept", { versionId: "ver-1" }],
      ["restore_kept", { versionId: "ver-1", anyway: false }],
      ["accept_definition", { accountId: "acc-1", digest: "sha256:0f3a" }],
      ["copy_key", { keyId: "key-1" }],
    ]);
  });
  test("a rejected command rejects with an ErrorView", async () => {
    answerWith(() => {
      throw fault("keychain.locked", "the keychain is locked", "Unlock it.");
    });
    await expect(client.copyVersion("v")).rejects.toMatchObject({ code: "keychain.locked" });
  });
});

describe("events", () => {
  test("each event reaches its listener with its payload, until stopped", async () => {
    answerWith(() => null);
    const on = { rotationChanged: vi.fn(), rotationStopped: vi.fn(), inventoryChanged: vi.fn(), listsRead: vi.fn(), clipboardChanged: vi.fn(), keychainChanged: vi.fn(), exitHeld: vi.fn(), settingsChanged: vi.fn(), lockChanged: vi.fn(), wanted: vi.fn(), quickChanged: vi.fn() };
    const stop = await subscribe(on);
    const rotation = awaiting("rot-1", key(2));
    await send("rotation_changed", rotation);
    await send("clipboard_changed", null);
    await send("inventory_changed", null);
    await send("lists_read", []);
    expect(on.listsRead).toHaveBeenCalledWith([]);
    expect(on.rotationChanged).toHaveBeenCalledWith(rotation);
    expect(on.clipboardChanged).toHaveBeenCalledWith(null);
    expect(on.inventoryChanged).toHaveBeenCalledTimes(1);
    stop();
    await Promise.resolve();
    await send("inventory_changed", null);
    expect(on.inventoryChanged).toHaveBeenCalledTimes(1);
  });
});
