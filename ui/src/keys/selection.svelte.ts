/** Keys that are picked in the list, to be acted on together. They stay picked while a filter hides them. */
import type { KeyView } from "../ipc/types";
import { batch } from "../batch/batch.svelte";
import { home } from "../frame/home.svelte";
import { copy } from "../copy";
import { acts, heldBecause } from "./acts.svelte";
import { keys } from "./keys.svelte";

const canRotate = (key: KeyView) => key.acts.rotate === null && key.rotationId === null;
const canVerify = (key: KeyView) => key.acts.verify === null;

class Selection {
  ids = $state.raw<ReadonlySet<string>>(new Set());
  /** Where a range began, and what was picked before it. */
  #range: { from: string; kept: ReadonlySet<string> } | null = null;

  readonly keys: KeyView[] = $derived(this.ids.size === 0 ? [] : home.keys.filter((key) => this.ids.has(key.id)));
  readonly rotatable: KeyView[] = $derived(this.keys.filter(canRotate));
  readonly verifiable: KeyView[] = $derived(this.keys.filter(canVerify));
  /** How many of them the list does not show now. */
  readonly hidden: number = $derived(this.keys.length === 0 ? 0 : this.keys.length - keys.matched.filter((key) => this.ids.has(key.id)).length);
  /** Whether all, some or none of the keys in the list are picked. */
  readonly all: "true" | "mixed" | "false" = $derived.by(() => {
    const shown = this.keys.length - this.hidden;
    return shown === 0 ? "false" : shown === keys.matched.length ? "true" : "mixed";
  });
  readonly rotateHeld: string | null = $derived(this.rotatable.length > 0 || this.keys.length === 0 ? null : heldBecause(this.keys[0]!.acts.rotate));
  readonly verifyHeld: string | null = $derived(this.verifiable.length > 0 || this.keys.length === 0 ? null : heldBecause(this.keys[0]!.acts.verify));

  toggle(id: string): void {
    const next = new Set(this.ids);
    if (!next.delete(id)) next.add(id);
    this.#range = null;
    this.#set(next);
  }

  /** Moves the cursor there, and picks all from where the range began. */
  extendTo(at: number): void {
    const row = keys.rows[keys.cursorAt];
    if (!row) return;
    this.#range ??= { from: row.id, kept: this.ids };
    keys.moveTo(at);
    const from = keys.rows.findIndex((it) => it.id === this.#range?.from);
    const [first, last] = [Math.min(from, keys.cursorAt), Math.max(from, keys.cursorAt)];
    const between = keys.rows.slice(first, last + 1).filter((it) => it.kind === "key");
    this.#set(new Set([...this.#range.kept, ...between.map((it) => it.id)]));
  }

  /** A move without Shift begins a range anew. */
  endRange(): void {
    this.#range = null;
  }

  toggleAll(): void {
    const shown = keys.matched.map((key) => key.id);
    this.#range = null;
    this.#set(this.all === "true" ? new Set() : new Set([...this.ids, ...shown]));
  }

  clear(): void {
    this.#range = null;
    this.#set(new Set());
  }

  rotate(): void {
    if (this.rotateHeld !== null) home.notify(this.rotateHeld);
    else batch.startWith(this.keys, () => this.clear());
  }

  /** One after the other; one that cannot be verified now is left out. */
  async verify(): Promise<void> {
    for (const key of this.verifiable) await acts.verify(key);
  }

  #set(ids: ReadonlySet<string>): void {
    if (ids.size !== this.ids.size) home.announce(copy.selection.count(ids.size));
    this.ids = ids;
  }
}

export const selection = new Selection();
