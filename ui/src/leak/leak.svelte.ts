/** A value that was seen where it should not be: whose it is, and what to do. The value is a handle here, and goes on close. */
import * as client from "../ipc/client";
import { advice, asErrorView } from "../ipc/errors";
import type { ErrorView, IdentifiedView, KeyView, LeakActView, LeakedKeyView } from "../ipc/types";
import { home } from "../frame/home.svelte";
import { acts } from "../keys/acts.svelte";
import { keys } from "../keys/keys.svelte";

/** The first step that can be started here is the one to press. */
export function firstAct(key: LeakedKeyView): number {
  return key.steps.findIndex((step) => step.act !== null);
}

class Leak {
  open = $state(false);
  /** It was left for the key, which has the focus then. */
  left = $state(false);
  busy = $state(false);
  found = $state.raw<IdentifiedView | null>(null);
  error = $state.raw<ErrorView | null>(null);
  revoking = $state.raw<KeyView | null>(null);
  /** Between taking and identifying; afterwards Rust has dropped the value. */
  #handle: string | null = null;
  #turn = 0;

  start(): void {
    this.#reset();
    this.left = false;
    this.open = true;
  }

  async take(): Promise<void> {
    if (this.busy) return;
    this.#reset();
    const turn = this.#turn;
    this.busy = true;
    try {
      const pasted = await client.takeFromClipboard(null, "key");
      if (turn !== this.#turn) {
        forget(pasted.handle);
        return;
      }
      this.#handle = pasted.handle;
      const found = await client.identifyPasted(pasted.handle);
      if (turn !== this.#turn) return;
      this.found = found;
      home.announce(found.message);
    } catch (rejection) {
      if (turn !== this.#turn) return;
      this.error = asErrorView(rejection);
      home.alarm(advice(this.error));
    } finally {
      if (turn === this.#turn) this.#drop();
    }
  }

  act(act: LeakActView, key: KeyView): void {
    // The sheet stays below: the note and the report are still to be read.
    if (act === "revoke") this.revoking = key;
    else acts.rotate(key, act === "revoke_first");
  }

  show(keyId: string): void {
    this.left = true;
    this.close();
    home.go("keys");
    keys.clear();
    const key = home.keyById.get(keyId);
    if (home.scope && key && home.scope.orgId !== key.orgId) home.setScope(null);
    keys.show(keyId, "focus");
  }

  close(): void {
    this.#reset();
    this.open = false;
  }

  #drop(): void {
    this.busy = false;
    if (this.#handle !== null) forget(this.#handle);
    this.#handle = null;
  }

  #reset(): void {
    this.#turn += 1;
    this.#drop();
    this.found = null;
    this.error = null;
    this.revoking = null;
  }
}

function forget(handle: string): void {
  void client.forgetPasted(handle).catch(() => undefined);
}

export const leak = new Leak();
