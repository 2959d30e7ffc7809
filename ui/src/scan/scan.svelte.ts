/** Values of keys in the files that git tracks under a folder. The page sees places, no values. */
import * as client from "../ipc/client";
import { advice, asErrorView } from "../ipc/errors";
import type { ErrorView, KeyView, ScanView } from "../ipc/types";
import { home } from "../frame/home.svelte";
import { acts } from "../keys/acts.svelte";
import { keys } from "../keys/keys.svelte";

class Scan {
  open = $state(false);
  /** It was left for the key, which has the focus then. */
  left = $state(false);
  busy = $state(false);
  folder = $state("");
  found = $state.raw<ScanView | null>(null);
  error = $state.raw<ErrorView | null>(null);
  #turn = 0;

  start(): void {
    this.#reset();
    this.left = false;
    this.open = true;
  }

  async look(): Promise<void> {
    if (this.busy) return;
    this.#reset();
    const turn = this.#turn;
    this.busy = true;
    try {
      const found = await client.scanFolder(this.folder.trim());
      if (turn !== this.#turn) return;
      this.found = found;
      home.announce(found.message);
      await home.refetch();
    } catch (rejection) {
      if (turn !== this.#turn) return;
      this.error = asErrorView(rejection);
      home.alarm(advice(this.error));
    } finally {
      if (turn === this.#turn) this.busy = false;
    }
  }

  rotate(key: KeyView): void {
    acts.rotate(key);
  }

  show(key: KeyView): void {
    this.left = true;
    this.close();
    home.go("keys");
    keys.clear();
    if (home.scope && home.scope.orgId !== key.orgId) home.setScope(null);
    keys.show(key.id, "focus");
  }

  close(): void {
    this.#reset();
    this.open = false;
  }

  #reset(): void {
    this.#turn += 1;
    this.busy = false;
    this.found = null;
    this.error = null;
  }
}

export const scan = new Scan();
