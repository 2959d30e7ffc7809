/** Shapes of the overview's pictures: core counts, this places. Pure. */
import { scaleBand } from "d3-scale";
import type { AgeBinView, CellView, DueDayView, EnvironmentView, InventoryView, StatusWordView } from "../ipc/types";

export interface MatrixRow {
  id: string;
  name: string;
  /** One for each column; null where there is no key. */
  cells: (CellView | null)[];
}
export interface Matrix {
  columns: EnvironmentView[];
  rows: MatrixRow[];
  /** Organisations that found no room. */
  more: number;
}

const WORST: readonly StatusWordView[] = ["refused", "expired", "not_replaced", "stale", "due_soon", "unverified", "not_held", "rotating", "fresh", "revoked"];

/** Columns with keys, and at most so many organisations; where there are more, the worst ones, in the order of the tree. */
export function matrix(inventory: Pick<InventoryView, "orgs" | "environments" | "overview">, most: number): Matrix {
  const { cells } = inventory.overview;
  const columns = inventory.environments.filter((it) => cells.some((cell) => cell.environmentId === it.id));
  const rows = inventory.orgs
    .map((org): MatrixRow => ({ id: org.id, name: org.name, cells: columns.map((column) => cells.find((cell) => cell.orgId === org.id && cell.environmentId === column.id) ?? null) }))
    .filter((row) => row.cells.some((cell) => cell !== null));
  const rank = (row: MatrixRow) => Math.min(...row.cells.map((cell) => (cell ? WORST.indexOf(cell.worst) : WORST.length)));
  const kept = new Set(rows.slice().sort((a, b) => rank(a) - rank(b)).slice(0, most));
  return { columns, rows: rows.filter((row) => kept.has(row)), more: Math.max(0, rows.length - most) };
}

export interface Bar {
  from: number;
  /** The next bin's begin; null for the last. */
  to: number | null;
  count: number;
  due: number;
  x: number;
  width: number;
  /** Height of all of it, and of its part that is due soon. */
  tall: number;
  gold: number;
  over: boolean;
}

/** Bars as tall as their counts; a bin that holds a key is always seen. */
export function ageBars(bins: readonly AgeBinView[], width: number, height: number): Bar[] {
  const across = scaleBand<number>().domain(bins.map((bin) => bin.fromPercent)).range([0, width]).paddingInner(0.06);
  const most = Math.max(1, ...bins.map((bin) => bin.count));
  const tall = (count: number) => (count === 0 ? 0 : Math.max(3, Math.round((count / most) * height)));
  return bins.map((bin, at) => ({
    from: bin.fromPercent, to: bins[at + 1]?.fromPercent ?? null, count: bin.count, due: bin.due, x: Math.round(across(bin.fromPercent) ?? 0), width: Math.round(across.bandwidth()),
    tall: tall(bin.count), gold: Math.min(tall(bin.count), tall(bin.due)), over: bin.fromPercent >= 100,
  }));
}

export interface Day {
  inDays: number;
  /** The day itself. */
  at: number;
  production: number;
  other: number;
  x: number;
  width: number;
  weekend: boolean;
  /** Dots from the ground up; more than fit are one bar with its count. */
  dots: readonly ("production" | "other")[];
  full: boolean;
}

const DAY = 86_400_000;

/** Thirty columns; `most` dots stand on each other. */
export function days(due: readonly DueDayView[], now: number, width: number, most: number): Day[] {
  const across = scaleBand<number>().domain(due.map((day) => day.inDays)).range([0, width]);
  return due.map((day) => {
    const at = now + day.inDays * DAY;
    const weekday = new Date(at).getDay();
    const all = [...Array<"production">(day.production).fill("production"), ...Array<"other">(day.other).fill("other")];
    return { ...day, at, x: across(day.inDays) ?? 0, width: across.bandwidth(), weekend: weekday === 0 || weekday === 6, dots: all.slice(0, most), full: all.length > most };
  });
}
