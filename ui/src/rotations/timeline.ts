/** The timeline's shapes: which key there is when, on one axis around now. Pure. */
import type { KeyView, RotationView } from "../ipc/types";

export const DAY = 86_400_000;
/** Days before and after now. */
export const SPAN = 14;

export interface Axis {
  /** Pixels from the left, kept inside the picture. */
  x: (at: number) => number;
  now: number;
  from: number;
  to: number;
  width: number;
}

export function axis(now: number, width: number): Axis {
  const [from, to] = [now - SPAN * DAY, now + SPAN * DAY];
  // By hand: what interpolates in `d3-scale` changes prototypes, which the window freezes.
  const x = (at: number) => (Math.min(Math.max(at - from, 0), to - from) / (to - from)) * width;
  return { x, now, from, to, width };
}

export interface Lane {
  /** Only the old key is there. */
  old: Span | null;
  /** Both are there, also where that is still to come. */
  both: Span | null;
  /** Only the new key is left. */
  only: Span | null;
  /** As it will be if nothing else happens. */
  planned: Span | null;
  /** Where the old key ends. */
  end: number | null;
  /** Nobody knows, or a person is awaited, at this moment. */
  open: "unknown" | "person" | null;
  /** When a key turns stale. */
  due: number | null;
}
export type Span = readonly [number, number];

const NOTHING: Lane = { old: null, both: null, only: null, planned: null, end: null, open: null, due: null };

/** What is left of a span on the axis. */
function span(from: number, to: number): Span | null {
  return to - from > 0.5 ? [from, to] : null;
}

export function laneOf(rotation: RotationView, on: Axis): Lane {
  const at = (time: string | null) => (time === null ? null : Date.parse(time));
  const made = at(rotation.newFrom);
  const until = at(rotation.oldUntil);
  const kept = rotation.state.kind === "undone" || rotation.state.kind === "stopped" || rotation.state.kind === "settled";
  const { x, now, from, to } = on;
  const hasOld = rotation.old !== null;
  const open = rotation.state.kind === "unknown" || rotation.state.kind === "asking" ? "unknown" : rotation.state.kind === "awaiting_person" && made === null ? "person" : null;
  if (kept || made === null) {
    const ends = until ?? now;
    return { ...NOTHING, old: hasOld ? span(x(from), x(ends)) : null, planned: kept && hasOld ? span(x(ends), x(to)) : null, end: until === null ? null : x(until), open };
  }
  const both = hasOld ? (until ?? now) : made;
  const begins = Math.max(both, made);
  return {
    ...NOTHING,
    old: hasOld ? span(x(from), x(made)) : null,
    both: hasOld ? span(x(made), x(both)) : null,
    only: span(x(begins), x(now)),
    planned: until === null && hasOld ? null : span(x(Math.max(begins, now)), x(to)),
    end: until === null || until < from ? null : x(until),
    open,
  };
}

export function dueAt(key: KeyView): number {
  return Date.parse(key.age.since) + key.age.limitDays * DAY;
}

export function laneOfDue(key: KeyView, on: Axis): Lane {
  const due = on.x(dueAt(key));
  return { ...NOTHING, old: span(on.x(Math.max(on.from, Date.parse(key.age.since))), due), planned: span(due, on.width), due };
}

/** Keys that turn stale within the axis, soonest first. */
export function dueSoon(keys: readonly KeyView[]): KeyView[] {
  const soon = keys.filter((key) => key.status.kind === "due_soon" && key.status.inDays <= SPAN);
  return soon.sort((a, b) => dueAt(a) - dueAt(b));
}

export interface Band {
  x: number;
  width: number;
}

/** Weekends, and the first days of weeks, in the person's own time. */
export function calendar(on: Axis): { weekends: Band[]; weeks: number[]; days: number[] } {
  const first = new Date(on.from);
  first.setHours(0, 0, 0, 0);
  const days = Array.from({ length: 2 * SPAN + 2 }, (_, at) => new Date(first.getFullYear(), first.getMonth(), first.getDate() + at).getTime());
  const inside = days.filter((day) => day >= on.from && day < on.to);
  const band = (day: number) => ({ x: on.x(day), width: on.x(day + DAY) - on.x(day) });
  const weekends = days.filter((day) => [0, 6].includes(new Date(day).getDay())).map(band).filter((it) => it.width > 0);
  return { weekends, weeks: inside.filter((day) => new Date(day).getDay() === 1), days: inside };
}
