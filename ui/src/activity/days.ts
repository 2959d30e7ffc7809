/** Activity by day, newest first, and what of it is wanted. Pure. */
import type { AccountView, ActivityView, KeyView } from "../ipc/types";
import { dayOf } from "../parts/time";

export interface Day {
  id: string;
  at: string;
  events: ActivityView[];
}

/** Null or empty: any. */
export interface Wanted {
  text: string;
  /** The first word of the verb: `key`, `rotation`. */
  kind: string;
  orgId: string;
  providerId: string;
  /** No older than this. */
  since: number | null;
}
export const ANY: Wanted = { text: "", kind: "", orgId: "", providerId: "", since: null };

/** What a key or account of an event belongs to. */
export interface Known {
  keys: ReadonlyMap<string, KeyView>;
  accounts: ReadonlyMap<string, AccountView>;
}

export function wantedOnes(events: readonly ActivityView[], wanted: Wanted, known: Known): ActivityView[] {
  const words = wanted.text.toLowerCase().split(/\s+/).filter(Boolean);
  return events.filter((event) => {
    if (wanted.kind && event.verb.split(".")[0] !== wanted.kind) return false;
    if (wanted.since !== null && Date.parse(event.at) < wanted.since) return false;
    if (wanted.orgId || wanted.providerId) {
      const accountId = event.accountId ?? (event.keyId === null ? null : known.keys.get(event.keyId)?.accountId) ?? null;
      const account = accountId === null ? undefined : known.accounts.get(accountId);
      if (wanted.orgId && account?.orgId !== wanted.orgId) return false;
      if (wanted.providerId && account?.providerId !== wanted.providerId) return false;
    }
    const text = `${event.sentence} ${event.verb} ${event.result} ${event.actor} ${event.errorCode ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export function days(events: readonly ActivityView[]): Day[] {
  const out: Day[] = [];
  for (const event of events) {
    const id = dayOf(event.at);
    const last = out.at(-1);
    if (last?.id === id) last.events.push(event);
    else out.push({ id, at: event.at, events: [event] });
  }
  return out;
}
