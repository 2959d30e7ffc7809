/** The drawer's details of one key. The row's own data shows at once; the rest follows. */
import * as client from "../ipc/client";
import { asErrorView } from "../ipc/errors";
import type { ErrorView, KeyDetailView, RevealView } from "../ipc/types";

export class Detail {
  view = $state.raw<KeyDetailView | null>(null);
  error = $state.raw<ErrorView | null>(null);
  #wanted = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Moving fast over the list asks only for the key that stays. */
  want(keyId: string): void {
    const same = this.#wanted === keyId;
    this.#wanted = keyId;
    if (!same) {
      this.view = null;
      this.error = null;
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#load(keyId), same ? 0 : 60);
  }

  async #load(keyId: string): Promise<void> {
    try {
      const view = await client.keyDetail(keyId);
      if (this.#wanted === keyId) {
        this.view = view;
        this.error = null;
      }
    } catch (rejection) {
      if (this.#wanted === keyId) this.error = asErrorView(rejection);
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#wanted = "";
  }
}

/**
 * The one place in the page where a value stands, for seconds. It goes when the time is up, when the
 * window loses the focus or is hidden, when another key is shown and when the drawer closes.
 */
export class Reveal {
  shown = $state.raw<RevealView | null>(null);
  left = $state(0);
  error = $state.raw<ErrorView | null>(null);
  #timer: ReturnType<typeof setInterval> | undefined;
  #turn = 0;

  async show(versionId: string): Promise<void> {
    const turn = (this.#turn += 1);
    this.error = null;
    try {
      const view = await client.revealVersion(versionId);
      if (turn !== this.#turn || document.hidden) return;
      this.shown = view;
      const ends = Date.now() + view.hidesInSeconds * 1000;
      this.left = view.hidesInSeconds;
      clearInterval(this.#timer);
      this.#timer = setInterval(() => {
        this.left = Math.ceil((ends - Date.now()) / 1000);
        if (this.left <= 0) this.hide();
      }, 250);
    } catch (rejection) {
      if (turn === this.#turn) this.error = asErrorView(rejection);
    }
  }

  hide = (): void => {
    this.#turn += 1;
    clearInterval(this.#timer);
    this.shown = null;
    this.left = 0;
  };
}
