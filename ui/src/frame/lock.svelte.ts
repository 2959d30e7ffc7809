/** Locking and unlocking. What the page knew is gone with its document: Rust loads it anew when it locks. */
import { tick } from "svelte";
import * as client from "../ipc/client";
import { advice, asErrorView } from "../ipc/errors";
import type { ErrorView } from "../ipc/types";
import { home } from "./home.svelte";

/** The least time between two words that somebody is there, in milliseconds. */
const PAUSE = 5000;

class Unlocking {
  busy = $state(false);
  error = $state.raw<ErrorView | null>(null);

  async now(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.error = null;
    try {
      await client.unlockWindow();
      await home.reload();
      await tick();
      document.querySelector<HTMLElement>("[data-region-start]")?.focus();
    } catch (rejection) {
      this.error = asErrorView(rejection);
      home.alarm(advice(this.error));
    } finally {
      this.busy = false;
    }
  }
}
export const unlocking = new Unlocking();

export async function lock(): Promise<void> {
  if (home.app?.lock) return;
  try {
    await client.lockWindow();
  } catch (rejection) {
    home.notify(advice(asErrorView(rejection)));
  }
}

/** Tells Rust that somebody is there, so that the window does not lock under their hands. */
export function watchPresence(): () => void {
  let told = 0;
  const tell = () => {
    const now = Date.now();
    if (now - told < PAUSE) return;
    told = now;
    void client.notePresence().catch(() => {});
  };
  const signs = ["keydown", "pointermove", "pointerdown", "wheel"] as const;
  for (const sign of signs) window.addEventListener(sign, tell, { passive: true, capture: true });
  return () => {
    for (const sign of signs) window.removeEventListener(sign, tell, { capture: true });
  };
}
