/** The age bar shows 150 % of the limit. Colour is time over, not age: grey, then gold from the warn point, then hatched past the limit. */
export const WIDTH = 64;
export const TICK = 42;

export interface Bar {
  /** Pixels, from the left. */
  grey: number;
  gold: number;
  hatched: number;
  beyond: boolean;
}

export function bar(days: number, limit: number, dueFrom: number): Bar {
  const at = (day: number) => Math.min(WIDTH, Math.round((Math.max(0, day) / Math.max(1, limit)) * TICK));
  const inside = Math.min(days, limit);
  const grey = at(Math.min(inside, dueFrom));
  // Past the limit the bar inside it is grey: what counts then is how far it is over.
  // A key at its limit is stale, so the bar says so too.
  const gold = days >= limit ? 0 : at(inside) - grey;
  return days >= limit
    ? { grey: TICK, gold: 0, hatched: Math.max(2, at(days) - TICK), beyond: days > limit * 1.5 }
    : { grey, gold: Math.max(days >= dueFrom && days > 0 ? 2 : 0, gold), hatched: 0, beyond: false };
}
