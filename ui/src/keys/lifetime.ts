/** The lifetime line: created → due → limit → today, on a scale that always shows the limit. Pure. */
import type { AgeView } from "../ipc/types";

export interface Life {
  /** Fractions of the width. */
  due: number;
  limit: number;
  today: number;
  over: number;
  left: number;
}

export function life(age: AgeView): Life {
  const span = Math.max(age.days * 1.07, age.limitDays * 1.12, 1);
  return {
    due: age.dueSoonDays / span,
    limit: age.limitDays / span,
    today: age.days / span,
    over: Math.max(0, age.days - age.limitDays),
    left: Math.max(0, age.limitDays - age.days),
  };
}
