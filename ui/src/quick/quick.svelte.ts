/** What quick access shows: keys in the order in which they are probably wanted, then by name; and what became of a copy. */
import * as client from "../ipc/client";
import { advice, asErrorView } from "../ipc/errors";
import type { ClipboardView, KeyView } from "../ipc/types";
import { home } from "../frame/home.svelte";
import { acts } from "../keys/acts.svelte";
import { tone } from "../keys/status";
import { keyText, rank } from "../palette/rank";

/** How long the word that something was copied stays, in milliseconds. */
const SEEN = 900;

/** Worth copying: those that are not come last, unless they were copied before. */
const isUsable = (key: KeyView) => key.acts.copy === null && tone(key.status) !== "expired";

class Quick {
  needle = $state("");
  at = $state(0);
  /** What was just copied: the last that is seen before the window goes. */
  copied = $state.raw<ClipboardView | null>(null);
  #habit = $state.raw<readonly string[]>([]);

  readonly #ordered = $derived.by(() => {
    const place = new Map(this.#habit.map((id, at) => [id, at]));
    const living = home.keys.filter((key) => key.status.kind !== "revoked");
    const of = (key: KeyView) => place.get(key.id) ?? (isUsable(key) ? place.size : place.size + 1);
    return living.toSorted((a, b) => of(a) - of(b) || a.name.localeCompare(b.name));
  });
  readonly #texts = $derived(this.#ordered.map((key) => `${keyText(key)} ${key.hint ?? ""}`));
  readonly found: readonly KeyView[] = $derived(rank(this.#texts, this.needle).map((index) => this.#ordered[index]!));
  readonly current: KeyView | null = $derived(this.found[this.at] ?? null);

  /** It is before the person: everything anew. Or no more: nothing is read for nobody. */
  shown(shown: boolean): void {
    home.asleep = !shown;
    this.needle = "";
    this.at = 0;
    this.copied = null;
    if (shown) void Promise.all([home.reload(), this.readHabit()]);
  }

  async readHabit(): Promise<void> {
    try {
      this.#habit = await client.copiedKeys();
    } catch {
      // Locked, or not open yet: then the order is by name alone.
      this.#habit = [];
    }
  }

  async copy(): Promise<void> {
    const key = this.current;
    if (!key || this.copied) return;
    this.copied = await acts.copy(key);
    if (this.copied) setTimeout(() => void this.hide(), SEEN);
  }

  async open(rotate: boolean): Promise<void> {
    const key = this.current;
    if (key) await this.#tried(() => client.showKey(key.id, rotate));
  }

  hide = () => this.#tried(client.hideQuick);

  async #tried(act: () => Promise<null>): Promise<void> {
    try {
      await act();
    } catch (rejection) {
      home.notify(advice(asErrorView(rejection)));
    }
  }
}
export const quick = new Quick();
