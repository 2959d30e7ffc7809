/** A rule as it is being edited: what it would do is counted by core, and nothing applies before it is set. */
import * as client from "../ipc/client";
import { asErrorView } from "../ipc/errors";
import type { ErrorView, PolicyEffectView, RuleView, ScopeKindView } from "../ipc/types";
import { home } from "../frame/home.svelte";

export interface Settings {
  maxAgeDays: number | null;
  dueSoonPercent: number | null;
  overlapHours: number | null;
  quietHours: number | null;
  verifyDays: number | null;
}
export interface Scope {
  kind: ScopeKindView;
  id: string | null;
}

export const OPEN: Settings = { maxAgeDays: null, dueSoonPercent: null, overlapHours: null, quietHours: null, verifyDays: null };
const ALL = ["maxAgeDays", "dueSoonPercent", "overlapHours", "quietHours", "verifyDays"] as const;

export const settingsOf = ({ maxAgeDays, dueSoonPercent, overlapHours, quietHours, verifyDays }: RuleView): Settings => ({ maxAgeDays, dueSoonPercent, overlapHours, quietHours, verifyDays });
const same = (a: Settings, b: Settings) => ALL.every((one) => a[one] === b[one]);
export const isOpen = (it: Settings) => same(it, OPEN);

export class Draft {
  settings = $state.raw<Settings | null>(null);
  effect = $state.raw<PolicyEffectView | null>(null);
  error = $state.raw<ErrorView | null>(null);
  busy = $state(false);
  #turn = 0;

  /** Takes the settings; those that are in force already are no edit. */
  edit(scope: Scope, settings: Settings, former: Settings): void {
    this.error = null;
    if (same(settings, former)) return this.drop();
    this.settings = settings;
    void this.#preview(scope, settings);
  }

  drop(): void {
    this.#turn += 1;
    this.settings = null;
    this.effect = null;
    this.error = null;
  }

  /** Sets what is edited; true when it is in force. */
  async set(scope: Scope): Promise<boolean> {
    if (this.settings === null || this.busy) return false;
    this.busy = true;
    this.error = null;
    try {
      await client.setPolicy({ kind: scope.kind, id: scope.id, ...this.settings });
      await home.refetch();
      this.drop();
      return true;
    } catch (rejection) {
      this.error = asErrorView(rejection);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** Only the answer to the newest edit counts. */
  async #preview(scope: Scope, settings: Settings): Promise<void> {
    const turn = (this.#turn += 1);
    try {
      const effect = await client.previewPolicy({ kind: scope.kind, id: scope.id, ...settings });
      if (turn === this.#turn) this.effect = effect;
    } catch (rejection) {
      if (turn !== this.#turn) return;
      this.effect = null;
      this.error = asErrorView(rejection);
    }
  }
}

/** The scope for which a rule is begun, and not yet set. */
class Beginning {
  scope = $state.raw<(Scope & { label: string }) | null>(null);

  start(scope: Scope & { label: string }): void {
    this.scope = scope;
    home.go("policies");
  }
}
export const beginning = new Beginning();
