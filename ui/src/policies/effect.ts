/** What a changed limit would do, before it applies. Pure. */
import type { KeyView } from "../ipc/types";

export function staleWith(keys: readonly KeyView[], environmentId: string, maxAgeDays: number): number {
  let count = 0;
  for (const key of keys) if (key.environmentId === environmentId && key.status.kind !== "revoked" && key.age.days > maxAgeDays) count += 1;
  return count;
}
