/** What can be done to a key from the list and the drawer alike. A held act says why instead of doing nothing. */
import * as client from "../ipc/client";
import { advice, asErrorView } from "../ipc/errors";
import type { ClipboardView, ErrorView, KeyView } from "../ipc/types";
import { home } from "../frame/home.svelte";
import { rotations } from "../rotations/rotations.svelte";
import { copy } from "../copy";

export type Busy = "copy" | "verify" | "hold" | "rename" | "move" | "remove" | "removeKept" | "restoreKept" | "page";

class Acts {
  busy = $state<{ keyId: string; act: Busy } | null>(null);
  error = $state.raw<{ keyId: string; error: ErrorView } | null>(null);
  copied = $state<string | null>(null);

  isBusy = (key: KeyView, act: Busy) => this.busy?.keyId === key.id && this.busy.act === act;
  errorOf = (key: KeyView) => (this.error?.keyId === key.id ? this.error.error : null);

  /** Says what lies on the clipboard now, or null where it was not copied. */
  async copy(key: KeyView): Promise<ClipboardView | null> {
    if (this.#held(key.acts.copy) || key.versionId === null) return null;
    const clipboard = await this.#run(key, "copy", () => client.copyKey(key.id));
    if (!clipboard) return null;
    home.announce(copy.clipboard.copied(clipboard.clearsInSeconds));
    this.copied = key.id;
    setTimeout(() => {
      if (this.copied === key.id) this.copied = null;
    }, 1600);
    return clipboard;
  }

  async verify(key: KeyView): Promise<void> {
    if (this.#held(key.acts.verify)) return;
    const verdict = await this.#run(key, "verify", () => client.verifyKey(key.id));
    if (verdict) home.announce(verdict.message);
    await home.refetch();
  }

  rotate(key: KeyView, revokeFirst = false): void {
    if (key.rotationId === null && this.#held(key.acts.rotate)) return;
    void rotations.plan(key, revokeFirst);
  }

  /** Takes the value from the clipboard and keeps it; both happen in Rust. */
  async hold(key: KeyView): Promise<boolean> {
    if (this.#held(key.acts.hold)) return false;
    const held = await this.#run(key, "hold", async () => {
      const pasted = await client.takeFromClipboard(key.providerId, "key");
      return client.holdKey(key.id, pasted.handle);
    });
    if (held) await home.refetch();
    return held !== null;
  }

  async rename(key: KeyView, name: string): Promise<boolean> {
    const done = await this.#run(key, "rename", () => client.renameKey(key.id, name));
    if (done) await home.refetch();
    return done !== null;
  }

  async move(key: KeyView, environmentId: string): Promise<void> {
    const done = await this.#run(key, "move", async () => {
      await client.moveKeys([key.id], environmentId);
      return true;
    });
    if (done) await home.refetch();
  }

  async remove(key: KeyView): Promise<boolean> {
    const done = await this.#run(key, "remove", async () => {
      await client.removeKey(key.id);
      return true;
    });
    if (done) await home.refetch();
    return done === true;
  }

  /** Takes the value of an ended version out of the keychain. */
  async removeKept(key: KeyView, versionId: string): Promise<boolean> {
    const done = await this.#run(key, "removeKept", async () => {
      await client.removeKept(versionId);
      return true;
    });
    if (done) await home.refetch();
    return done === true;
  }

  /** Brings the value of a version back; by the person's word where no call tells whether it works. */
  async restoreKept(key: KeyView, versionId: string, anyway: boolean): Promise<boolean> {
    const done = await this.#run(key, "restoreKept", async () => {
      await client.restoreKept(versionId, anyway);
      return true;
    });
    if (done) await home.refetch();
    return done === true;
  }

  async openPage(key: KeyView): Promise<void> {
    await this.#run(key, "page", () => client.openPage(key.id));
  }

  #held(code: string | null): boolean {
    const reason = heldBecause(code);
    if (reason !== null) home.notify(reason);
    return reason !== null;
  }

  async #run<T>(key: KeyView, act: Busy, send: () => Promise<T>): Promise<T | null> {
    if (this.busy) return null;
    this.busy = { keyId: key.id, act };
    this.error = null;
    try {
      return await send();
    } catch (rejection) {
      const error = asErrorView(rejection);
      this.error = { keyId: key.id, error };
      home.alarm(advice(error));
      return null;
    } finally {
      this.busy = null;
    }
  }
}

export const acts = new Acts();

/** Why an act is held, for titles and lines; null when it can be done. */
export function heldBecause(code: string | null): string | null {
  const reason = home.app?.reasons.find((it) => it.code === code);
  return code === null ? null : reason ? advice(reason) : code;
}
