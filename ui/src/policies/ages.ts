/** The ages behind the picture of a limit that is being tried. Pure. */
import type { KeyView } from "../ipc/types";

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
