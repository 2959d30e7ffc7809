/** Several keys: planned all at once, begun by one press, then followed as rotations. */
import * as client from "../ipc/client";
import { advice, asErrorView } from "../ipc/errors";
import type { BatchRequest, ErrorView, PlannedView } from "../ipc/types";
import { home } from "../frame/home.svelte";
import { rotations } from "../rotations/rotations.svelte";
import { copy } from "../copy";

/** What became of a key since the press. */
export type Begun = { kind: "begun"; rotationId: string } | { kind: "failed"; error: ErrorView };

/** From so many keys in production on, a press is not enough. */
const MANY = 5;

/** Whether a press would begin it. */
export const ready = (one: PlannedView) => one.plan !== null && one.plan.held === null;
/** Whether a person does a step at the provider. */
export const byPerson = (one: PlannedView) => one.plan?.steps.some((step) => step.actor === "person" && (step.step === "mint" || step.step === "revoke_old")) ?? false;
/** Why a press would not begin it. */
export const why = (one: PlannedView): ErrorView | null => one.error ?? one.plan?.held ?? null;
/** Whether the press itself ends the old key, and nothing works until the new one is in place. */
const stops = (one: PlannedView) => (one.plan?.outage ?? false) && !byPerson(one);
const inProduction = (one: PlannedView) => home.environments.get(home.keyById.get(one.keyId)?.environmentId ?? "")?.tier === "production";

/** Every owner once, however it is written, in the order of the alphabet. */
export function owners(keys: readonly { owner: string | null }[]): string[] {
  const known = new Map<string, string>();
  for (const key of keys) if (key.owner !== null && !known.has(key.owner.toLowerCase())) known.set(key.owner.toLowerCase(), key.owner);
  return [...known.values()].sort((a, b) => a.localeCompare(b));
}

class Batch {
  /** Whether an owner is chosen in the sheet, or the keys were before it. */
  open = $state<"owner" | "keys" | null>(null);
  busy = $state<"plan" | "begin" | null>(null);
  plans = $state.raw<readonly PlannedView[] | null>(null);
  begun = $state.raw<ReadonlyMap<string, Begun>>(new Map());
  error = $state.raw<ErrorView | null>(null);
  /** What was typed to confirm. */
  typed = $state("");
  #of = $state.raw<BatchRequest | null>(null);
  #onbegun: () => void = () => {};
  #turn = 0;

  readonly owner: string = $derived(this.#of && "owner" in this.#of ? this.#of.owner : "");
  readonly owners: string[] = $derived(owners(home.keys));
  /** What the next press begins. */
  readonly ready: PlannedView[] = $derived((this.plans ?? []).filter((one) => ready(one) && !this.begun.has(one.keyId)));
  readonly count: number = $derived([...this.begun.values()].filter((one) => one.kind === "begun").length);
  readonly stops: number = $derived(this.ready.filter(stops).length);
  readonly production: PlannedView[] = $derived(this.ready.filter(inProduction));
  readonly stopsInProduction: number = $derived(this.production.filter(stops).length);
  /** Where so much is at stake that a number is typed. */
  readonly grave: boolean = $derived(this.stopsInProduction > 0 || this.production.length >= MANY);
  readonly confirmed: boolean = $derived(!this.grave || this.typed.trim() === String(this.ready.length));

  /** For the day that somebody leaves. */
  startWithOwner(): void {
    this.#reset();
    this.open = "owner";
  }

  /** `onbegun` is called once anything has begun. */
  startWith(keys: readonly { id: string }[], onbegun: () => void): void {
    this.#reset();
    this.open = "keys";
    this.#onbegun = onbegun;
    void this.#plan({ keys: keys.map((key) => key.id) });
  }

  async choose(owner: string): Promise<void> {
    this.#reset();
    if (owner !== "") await this.#plan({ owner });
  }

  /** What held a plan may be gone by now, such as a locked keychain. */
  async renew(): Promise<void> {
    if (this.busy !== null || this.#of === null || this.begun.size > 0 || !this.plans?.some((one) => why(one) !== null)) return;
    const turn = this.#turn;
    try {
      const plans = await client.planBatch(this.#of);
      if (turn === this.#turn && this.busy === null) this.plans = plans;
    } catch {
      // What is shown stays.
    }
  }

  /** One that fails does not hold up the others. */
  async begin(): Promise<void> {
    if (this.busy !== null || !this.confirmed) return;
    this.busy = "begin";
    try {
      const begun = new Map(this.begun);
      for (const { keyId, rotation, error } of await client.startBatch(this.ready.map((one) => ({ keyId: one.keyId, planHash: one.plan!.hash })))) {
        if (rotation) rotations.heard(rotation);
        begun.set(keyId, rotation ? { kind: "begun", rotationId: rotation.id } : { kind: "failed", error: error! });
      }
      this.begun = begun;
    } catch (rejection) {
      this.#fail(asErrorView(rejection));
    }
    this.busy = null;
    home.announce(copy.batch.begun(this.count));
    if (this.count > 0) this.#onbegun();
    await home.refetch();
  }

  close(): void {
    this.#reset();
    this.open = null;
  }

  async #plan(of: BatchRequest): Promise<void> {
    this.#of = of;
    const turn = this.#turn;
    this.busy = "plan";
    try {
      const plans = await client.planBatch(of);
      if (turn === this.#turn) this.plans = plans;
    } catch (rejection) {
      if (turn === this.#turn) this.#fail(asErrorView(rejection));
    } finally {
      if (turn === this.#turn) this.busy = null;
    }
  }

  #fail(error: ErrorView): void {
    this.error = error;
    home.alarm(advice(error));
  }

  #reset(): void {
    this.#turn += 1;
    this.#of = null;
    this.#onbegun = () => {};
    this.busy = null;
    this.plans = null;
    this.begun = new Map();
    this.error = null;
    this.typed = "";
  }
}

export const batch = new Batch();
