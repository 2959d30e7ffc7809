/** Every key of one owner: planned all at once, begun by one press, then followed as rotations. */
import * as client from "../ipc/client";
import { advice, asErrorView } from "../ipc/errors";
import type { ErrorView, LeavingView } from "../ipc/types";
import { home } from "../frame/home.svelte";
import { rotations } from "../rotations/rotations.svelte";
import { copy } from "../copy";

/** What became of a key since the press. */
export type Begun = { kind: "begun"; rotationId: string } | { kind: "failed"; error: ErrorView };

/** Whether a press would begin it. */
export const ready = (one: LeavingView) => one.plan !== null && one.plan.held === null;
/** Whether a person does a step at the provider. */
export const byPerson = (one: LeavingView) => one.plan?.steps.some((step) => step.actor === "person" && (step.step === "mint" || step.step === "revoke_old")) ?? false;
/** Why a press would not begin it. */
export const why = (one: LeavingView): ErrorView | null => one.error ?? one.plan?.held ?? null;

/** Every owner once, however it is written, in the order of the alphabet. */
export function owners(keys: readonly { owner: string | null }[]): string[] {
  const known = new Map<string, string>();
  for (const key of keys) if (key.owner !== null && !known.has(key.owner.toLowerCase())) known.set(key.owner.toLowerCase(), key.owner);
  return [...known.values()].sort((a, b) => a.localeCompare(b));
}

class Leaving {
  open = $state(false);
  owner = $state("");
  busy = $state<"plan" | "begin" | null>(null);
  plans = $state.raw<readonly LeavingView[] | null>(null);
  begun = $state.raw<ReadonlyMap<string, Begun>>(new Map());
  error = $state.raw<ErrorView | null>(null);
  #turn = 0;

  readonly owners: string[] = $derived(owners(home.keys));
  /** What the next press begins. */
  readonly ready: LeavingView[] = $derived((this.plans ?? []).filter((one) => ready(one) && !this.begun.has(one.keyId)));
  readonly count: number = $derived([...this.begun.values()].filter((one) => one.kind === "begun").length);

  start(owner = ""): void {
    this.#reset();
    this.open = true;
    if (owner !== "") void this.choose(owner);
  }

  async choose(owner: string): Promise<void> {
    this.#reset();
    this.owner = owner;
    if (owner === "") return;
    const turn = this.#turn;
    this.busy = "plan";
    try {
      const plans = await client.planLeaving(owner);
      if (turn === this.#turn) this.plans = plans;
    } catch (rejection) {
      if (turn === this.#turn) this.#fail(asErrorView(rejection));
    } finally {
      if (turn === this.#turn) this.busy = null;
    }
  }

  /** One that fails does not hold up the others. */
  async begin(): Promise<void> {
    if (this.busy !== null) return;
    this.busy = "begin";
    for (const one of this.ready) {
      let begun: Begun;
      try {
        const rotation = await client.startRotation(one.keyId, one.plan!.hash, false);
        rotations.heard(rotation);
        begun = { kind: "begun", rotationId: rotation.id };
      } catch (rejection) {
        begun = { kind: "failed", error: asErrorView(rejection) };
      }
      this.begun = new Map(this.begun).set(one.keyId, begun);
    }
    this.busy = null;
    home.announce(copy.leaving.begun(this.count));
    await home.refetch();
  }

  close(): void {
    this.#reset();
    this.open = false;
  }

  #fail(error: ErrorView): void {
    this.error = error;
    home.alarm(advice(error));
  }

  #reset(): void {
    this.#turn += 1;
    this.owner = "";
    this.busy = null;
    this.plans = null;
    this.begun = new Map();
    this.error = null;
  }
}

export const leaving = new Leaving();
