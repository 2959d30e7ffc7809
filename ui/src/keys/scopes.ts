/** The scopes tree: organisation › environment, each with its worst status and its count. Pure. */
import type { InventoryView } from "../ipc/types";
import { severity, tone, type Tone } from "./status";

export interface Scope {
  orgId: string;
  environmentId: string | null;
}
export interface Branch {
  id: string;
  name: string;
  count: number;
  worst: Tone | null;
}
export interface OrgBranch extends Branch {
  environments: Branch[];
}

export function tree(inventory: Pick<InventoryView, "orgs" | "environments" | "keys">): OrgBranch[] {
  const orgs = new Map<string, OrgBranch & { by: Map<string, Branch> }>();
  for (const org of inventory.orgs) orgs.set(org.id, { id: org.id, name: org.name, count: 0, worst: null, environments: [], by: new Map() });
  for (const key of inventory.keys) {
    const org = orgs.get(key.orgId);
    if (!org) continue;
    let environment = org.by.get(key.environmentId);
    if (!environment) {
      environment = { id: key.environmentId, name: key.environmentName, count: 0, worst: null };
      org.by.set(key.environmentId, environment);
    }
    const its = tone(key.status);
    for (const branch of [org, environment]) {
      branch.count += 1;
      if (branch.worst === null || severity(its) > severity(branch.worst)) branch.worst = its;
    }
  }
  const place = new Map(inventory.environments.map((environment, at) => [environment.id, at]));
  return [...orgs.values()].map(({ by, ...org }) => ({
    ...org,
    environments: [...by.values()].sort((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0)),
  }));
}

export function inScope(key: { orgId: string; environmentId: string }, scope: Scope | null): boolean {
  return scope === null || (key.orgId === scope.orgId && (scope.environmentId === null || key.environmentId === scope.environmentId));
}
