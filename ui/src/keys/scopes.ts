/** The scopes tree: organisation › environment, each with its worst status and its count. Pure. */
import type { InventoryView } from "../ipc/types";
import { facet, worst, type Facet } from "./status";

export interface Scope {
  orgId: string;
  environmentId: string | null;
}
export interface Branch {
  id: string;
  name: string;
  count: number;
  worst: Facet | null;
}
export interface OrgBranch extends Branch {
  environments: Branch[];
}

/** From the cells that core counts: it rolls up each of them, and an organisation is as bad as its worst. */
export function tree(inventory: Pick<InventoryView, "orgs" | "environments" | "overview">): OrgBranch[] {
  const orgs = new Map(inventory.orgs.map((org): [string, OrgBranch] => [org.id, { id: org.id, name: org.name, count: 0, worst: null, environments: [] }]));
  const environments = new Map(inventory.environments.map((it, at) => [it.id, { at, name: it.name }]));
  for (const cell of inventory.overview.cells) {
    const [org, environment] = [orgs.get(cell.orgId), environments.get(cell.environmentId)];
    if (!org || !environment) continue;
    const its = facet({ kind: cell.worst });
    org.environments.push({ id: cell.environmentId, name: environment.name, count: cell.count, worst: its });
    org.count += cell.count;
    org.worst = worst(org.worst === null ? [its] : [org.worst, its]);
  }
  for (const org of orgs.values()) org.environments.sort((a, b) => (environments.get(a.id)?.at ?? 0) - (environments.get(b.id)?.at ?? 0));
  return [...orgs.values()];
}

export function inScope(key: { orgId: string; environmentId: string }, scope: Scope | null): boolean {
  return scope === null || (key.orgId === scope.orgId && (scope.environmentId === null || key.environmentId === scope.environmentId));
}
