/** What a changed limit would do, before it applies. Pure. */
import type { KeyView } from "../ipc/types";

/** Keys that count: of these environments, and not revoked. */
export function governed(keys: readonly KeyView[], environments: ReadonlySet<string>): KeyView[] {
  return keys.filter((key) => environments.has(key.environmentId) && key.status.kind !== "revoked");
}

export function staleWith(keys: readonly KeyView[], maxAgeDays: number): number {
  return keys.reduce((count, key) => count + (key.age.days >= maxAgeDays ? 1 : 0), 0);
}

/** Those that a lower limit would turn stale, oldest first. */
export function turning(keys: readonly KeyView[], before: number, after: number): KeyView[] {
  return keys.filter((key) => key.age.days >= after && key.age.days < before).sort((a, b) => b.age.days - a.age.days);
}

export interface Bin {
  /** First day that falls into it. */
  from: number;
  inside: number;
  over: number;
}
export interface Ages {
  /** Days that the picture spans, and days to a bin. */
  span: number;
  step: number;
  bins: Bin[];
  most: number;
}

const STEPS = [5, 10, 20, 30, 60, 90, 180];
const BINS = 22;

/** Ages in bins of equal width; the span always shows both limits. */
export function ages(keys: readonly KeyView[], limit: number, before: number): Ages {
  const oldest = keys.reduce((most, key) => Math.max(most, key.age.days), 0);
  const reach = Math.max(oldest + 1, limit * 1.1, before * 1.1);
  const step = STEPS.find((it) => reach <= it * BINS) ?? Math.ceil(reach / BINS);
  const bins = Array.from({ length: Math.ceil(reach / step) }, (_, at): Bin => ({ from: at * step, inside: 0, over: 0 }));
  for (const key of keys) {
    const bin = bins[Math.floor(key.age.days / step)];
    if (bin) bin[key.age.days >= limit ? "over" : "inside"] += 1;
  }
  return { span: bins.length * step, step, bins, most: Math.max(1, ...bins.map((bin) => bin.inside + bin.over)) };
}
