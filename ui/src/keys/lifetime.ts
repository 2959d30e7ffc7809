/** The lifetime line: created → due → limit → today, on a scale that always shows the limit, with labels that do not touch. Pure. */
import type { AgeView } from "../ipc/types";

export const WIDTH = 379;
const LETTER = 5.6;
const DATE = 64;

export type Anchor = "start" | "middle" | "end";
export interface Label {
  x: number;
  anchor: Anchor;
}
export interface Life {
  /** Pixels from the left. */
  due: number;
  limit: number;
  today: number;
  over: number;
  left: number;
  limitLabel: Label;
  todayLabel: Label;
  /** Which labels have room; of limit and today, the one that matters more stays. */
  show: { start: boolean; limit: boolean; today: boolean; over: boolean };
}

export function life(age: AgeView, limitText: string, todayText: string): Life {
  const span = Math.max(age.days * 1.07, age.limitDays * 1.12, 1);
  const x = (days: number) => Math.round((days / span) * WIDTH);
  const due = x(age.dueSoonDays);
  const limit = x(age.limitDays);
  const today = x(age.days);
  const over = Math.max(0, age.days - age.limitDays);
  const limitLabel = place(limit, limitText.length * LETTER);
  const todayLabel = place(today, todayText.length * LETTER);
  const [limitFrom, limitTo] = extent(limitLabel, limitText.length * LETTER);
  const [todayFrom, todayTo] = extent(todayLabel, todayText.length * LETTER);
  const apart = limitTo + 8 < todayFrom || todayTo + 8 < limitFrom;
  return {
    due, limit, today, over, left: Math.max(0, age.limitDays - age.days), limitLabel, todayLabel,
    show: { start: todayFrom > DATE && limitFrom > DATE, limit: apart || over === 0, today: apart || over > 0, over: over > 0 && today - limit > 96 },
  };
}

function place(x: number, width: number): Label {
  if (x + width / 2 > WIDTH) return { x: WIDTH, anchor: "end" };
  if (x - width / 2 < 0) return { x: 0, anchor: "start" };
  return { x, anchor: "middle" };
}

function extent({ x, anchor }: Label, width: number): [number, number] {
  return anchor === "end" ? [x - width, x] : anchor === "start" ? [x, x + width] : [x - width / 2, x + width / 2];
}
