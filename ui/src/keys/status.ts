/** Where a key stands: order, word, tone. Status colours mean status and nothing else. */
import type { StatusView } from "../ipc/types";
import { copy } from "../copy";

export type Tone = "expired" | "stale" | "due" | "unverified" | "not_held" | "rotating" | "fresh" | "revoked";
export type Facet = "refused" | "not_replaced" | "stale" | "due" | "rotating" | "unverified" | "not_held" | "fresh" | "revoked";

export const FACETS: readonly Facet[] = ["refused", "not_replaced", "stale", "due", "rotating", "unverified", "not_held", "fresh", "revoked"];

/** The facet "Refused" holds refused and expired keys: for both the provider says no. */
export function facet(status: { kind: StatusView["kind"] }): Facet {
  switch (status.kind) {
    case "refused":
    case "expired":
      return "refused";
    case "due_soon":
      return "due";
    case "not_replaced":
    case "stale":
    case "rotating":
    case "unverified":
    case "not_held":
    case "fresh":
    case "revoked":
      return status.kind;
    default:
      return never(status.kind);
  }
}

export function toneOf(facet: Facet): Tone {
  return facet === "refused" || facet === "not_replaced" ? "expired" : facet;
}

export function tone(status: { kind: StatusView["kind"] }): Tone {
  return toneOf(facet(status));
}

/** The word in the row. */
export function word(status: StatusView): string {
  switch (status.kind) {
    case "refused":
      return copy.status.refused;
    case "expired":
      return copy.status.expired;
    case "not_replaced":
      return copy.status.notReplaced;
    case "stale":
      return copy.status.stale;
    case "due_soon":
      return copy.status.dueIn(status.inDays);
    case "unverified":
      return copy.status.unverified;
    case "not_held":
      return copy.status.notHeld;
    case "rotating":
      return copy.status.rotating;
    case "fresh":
      return copy.status.fresh;
    case "revoked":
      return copy.status.revoked;
    default:
      return never(status);
  }
}

/** The longer form at the head of the drawer. */
export function phrase(status: StatusView): string {
  return status.kind === "stale" ? copy.status.staleBy(status.overDays) : word(status);
}

const WORST_FIRST: readonly Facet[] = ["refused", "not_replaced", "stale", "due", "unverified", "not_held", "rotating", "fresh", "revoked"];

/** The worst of several, for roll-ups; null for none. */
export function worst(facets: Iterable<Facet>): Facet | null {
  const found = new Set(facets);
  return WORST_FIRST.find((facet) => found.has(facet)) ?? null;
}

function never(status: never): never {
  throw new Error(`a status this window does not know: ${JSON.stringify(status)}`);
}
