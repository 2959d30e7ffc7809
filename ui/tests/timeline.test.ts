/** Which key works when, on the timeline's axis. */
import { describe, expect, test } from "vitest";
import { key, NOW } from "../src/fixtures/data";
import { awaiting, rotationAt } from "../src/fixtures/rotation";
import { axis, calendar, laneOf, laneOfDue } from "../src/rotations/timeline";

const now = Date.parse(NOW);
const on = axis(now, 280);
const days = (count: number) => new Date(now + count * 86_400_000).toISOString();
const rotated = (part: object) => ({ ...awaiting("rot-1", key(2)), ...part });

describe("the timeline", () => {
  test("an overlap is both keys until its end, which may be to come", () => {
    const lane = laneOf(rotated({ newFrom: days(-2), oldUntil: days(3), state: { kind: "awaiting_time", until: days(3) } }), on);
    expect(lane).toMatchObject({ old: [0, 120], both: [120, 170], only: null, planned: [170, 280], end: 170, open: null });
  });
  test("after its end only the new key works", () => {
    const lane = laneOf(rotated({ newFrom: days(-10), oldUntil: days(-7), closedAt: days(-7), state: { kind: "completed", at: days(-7) } }), on);
    expect(lane).toMatchObject({ old: [0, 40], both: [40, 70], only: [70, 140], planned: [140, 280], end: 70 });
  });
  test("before a new key exists, and after it was discarded, only the old one works", () => {
    const waiting = rotated({ newFrom: null, oldUntil: null });
    expect(laneOf(waiting, on)).toMatchObject({ old: [0, 140], both: null, planned: null, open: "person" });
    const undone = rotated({ newFrom: days(-1), oldUntil: null, state: { kind: "undone", at: NOW } });
    expect(laneOf(undone, on)).toMatchObject({ old: [0, 140], both: null, planned: [140, 280], end: null });
  });
  test("with no answer nothing is claimed of a new key", () => {
    const lane = laneOf(rotated({ newFrom: null, oldUntil: null, state: { kind: "unknown" } }), on);
    expect(lane).toMatchObject({ both: null, only: null, open: "unknown" });
  });
  test("both work while nobody has said when the old one ends", () => {
    expect(laneOf(rotated({ newFrom: days(-1), oldUntil: null }), on)).toMatchObject({ both: [130, 140], only: null, planned: null });
  });
  test("a key that is created has no old one, one that is revoked no new one", () => {
    const made = rotationAt("rot-2", "create", key(2), 4, { kind: "done" }, { kind: "completed", at: NOW }, "");
    expect(laneOf({ ...made, newFrom: days(-3) }, on)).toMatchObject({ old: null, both: null, only: [110, 140] });
    const gone = rotationAt("rot-3", "revoke", key(2), 2, { kind: "done" }, { kind: "completed", at: NOW }, "");
    expect(laneOf({ ...gone, newFrom: null, oldUntil: days(-1) }, on)).toMatchObject({ old: [0, 130], both: null, only: null, end: 130 });
  });
  test("a key that is due ends its line where its limit is", () => {
    const due = { ...key(2), age: { ...key(2).age, since: days(-83), days: 83, limitDays: 90 } };
    expect(laneOfDue(due, on)).toMatchObject({ old: [0, 210], planned: [210, 280], due: 210 });
  });
  test("weekends are shaded and Mondays are named", () => {
    const { weekends, weeks } = calendar(on);
    expect(weekends.length).toBe(9);
    expect(weeks.every((week) => new Date(week).getDay() === 1)).toBe(true);
  });
});
