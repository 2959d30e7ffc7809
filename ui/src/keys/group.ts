/** From matching keys to the rows on screen: grouped, ordered, folded. Pure. */
import type { KeyView } from "../ipc/types";
import { facet, FACETS, type Facet } from "./status";

export type GroupBy = "org" | "environment" | "none";
export type SortBy = "urgency" | "name" | "provider" | "environment" | "age" | "verified";
export interface Sort {
  by: SortBy;
  descending: boolean;
}
export interface GroupRow {
  kind: "group";
  id: string;
  name: string;
  count: number;
  folded: boolean;
  /** Non-zero counts, worst first, without fresh and revoked. */
  troubles: { facet: Facet; count: number }[];
  accountIds: string[];
}
export interface KeyRow {
  kind: "key";
  id: string;
  key: KeyView;
}
export type Row = GroupRow | KeyRow;

const names = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** Keys come in urgency order; that is the default and the tie-break of every other order (sorting is stable). */
export function sorted(keys: readonly KeyView[], sort: Sort): readonly KeyView[] {
  const compare = order(sort.by);
  if (compare === null) return sort.descending ? keys.slice().reverse() : keys;
  return keys.slice().sort((a, b) => (sort.descending ? -compare(a, b) : compare(a, b)));
}

function order(by: SortBy): ((a: KeyView, b: KeyView) => number) | null {
  switch (by) {
    case "urgency":
      return null;
    case "name":
      return (a, b) => names.compare(a.name, b.name);
    case "provider":
      return (a, b) => names.compare(a.providerName, b.providerName);
    case "environment":
      return (a, b) => names.compare(a.environmentName, b.environmentName);
    case "age":
      return (a, b) => b.age.days - a.age.days;
    case "verified":
      return (a, b) => verifiedAt(b) - verifiedAt(a);
  }
}

function verifiedAt(key: KeyView): number {
  return key.verdict && key.verdict.answer !== "undetermined" ? Date.parse(key.verdict.at) : 0;
}

/** Group headers are rows like any other, so that the list needs one height and one index. */
export function rows(keys: readonly KeyView[], by: GroupBy, groupOrder: readonly string[], folded: ReadonlySet<string>): Row[] {
  if (by === "none") return keys.map(keyRow);
  const groups = new Map<string, KeyView[]>();
  for (const key of keys) {
    const id = by === "org" ? key.orgId : key.environmentId;
    const group = groups.get(id);
    if (group) group.push(key);
    else groups.set(id, [key]);
  }
  const place = new Map(groupOrder.map((id, at) => [id, at]));
  const ids = [...groups.keys()].sort((a, b) => (place.get(a) ?? 1e9) - (place.get(b) ?? 1e9));
  const out: Row[] = [];
  for (const id of ids) {
    const members = groups.get(id)!;
    const isFolded = folded.has(id);
    out.push({
      kind: "group",
      id,
      name: by === "org" ? members[0]!.orgName : members[0]!.environmentName,
      count: members.length,
      folded: isFolded,
      troubles: troubles(members),
      accountIds: [...new Set(members.map((key) => key.accountId))],
    });
    if (!isFolded) for (const key of members) out.push(keyRow(key));
  }
  return out;
}

/** One row a key: a keystroke in the filter makes no new objects for what was there before. */
const made = new WeakMap<KeyView, KeyRow>();
function keyRow(key: KeyView): KeyRow {
  let row = made.get(key);
  if (!row) {
    row = { kind: "key", id: key.id, key };
    made.set(key, row);
  }
  return row;
}

export function counts(keys: readonly KeyView[]): Record<Facet, number> {
  const out: Record<Facet, number> = { refused: 0, not_replaced: 0, stale: 0, due: 0, rotating: 0, unverified: 0, not_held: 0, fresh: 0, revoked: 0 };
  for (const key of keys) out[facet(key.status)] += 1;
  return out;
}

function troubles(keys: readonly KeyView[]): { facet: Facet; count: number }[] {
  const all = counts(keys);
  return FACETS.filter((name) => name !== "fresh" && name !== "not_held" && name !== "revoked" && all[name] > 0).map((name) => ({ facet: name, count: all[name] }));
}
