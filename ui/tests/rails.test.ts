import { describe, expect, test } from "vitest";
import { between, cells, planned } from "../src/rotations/rails";
import { ofPlan, ofRotation, passed, railsOf } from "../src/rotations/lines";
import { awaiting, plan, rotationAt, unknownMint } from "../src/fixtures/rotation";
import { key, NOW } from "../src/fixtures/data";
import type { RailView } from "../src/ipc/types";

const solid: RailView = { kind: "solid", label: null };
const hollow: RailView = { kind: "hollow", label: "created" };
const toCome: RailView = { kind: "to_come", label: null };
const none: RailView = { kind: "none" };
const end: RailView = { kind: "end", label: "ends" };

describe("rails", () => {
  test("a line begins with a cap, runs through and ends in the cross", () => {
    const it = cells([solid, solid, toCome, end, none], false);
    expect(it[0]).toMatchObject({ top: "solid", bottom: "solid", capTop: true, capBottom: false });
    expect(it[1]).toMatchObject({ capTop: false, mark: "none" });
    expect(it[3]).toMatchObject({ top: "dashed", bottom: "none", mark: "end", label: "ends" });
    expect(it[4]).toMatchObject({ top: "none", bottom: "none" });
  });
  test("the ring marks the last living cell while it moves, and only then", () => {
    expect(cells([none, hollow, solid, toCome], true)[2]).toMatchObject({ mark: "now", top: "solid", bottom: "dashed" });
    expect(cells([none, hollow, solid, toCome], false)[2]).toMatchObject({ mark: "none", bottom: "solid" });
  });
  test("what may exist is a box without a line", () => {
    expect(cells([none, { kind: "may_exist", label: "may exist" }, none], true)[1]).toMatchObject({ top: "none", bottom: "none", mark: "may_exist", label: "may exist" });
  });
  test("a last solid cell closes with a cap", () => {
    expect(cells([solid, none], false)[0]).toMatchObject({ capTop: true, capBottom: true });
  });
  test("the point of no return is crossed by what runs on both sides of it", () => {
    const [a, b, c] = cells([solid, toCome, end], false);
    expect(between(a, b)).toBe("dashed");
    expect(between(b, c)).toBe("dashed");
    expect(between(undefined, a)).toBe("none");
    const [d, e] = cells([solid, none], false);
    expect(between(d, e)).toBe("none");
  });
});

describe("the sheet's rows", () => {
  test("a plan shows the old key, its end, and the new key to come; that it works, only where a call said so", () => {
    const it = plan("rotate");
    const rails = planned(it.steps, it.act, it.pivot, true);
    expect(rails.old[0]).toEqual({ kind: "solid", label: "works" });
    expect(planned(it.steps, it.act, it.pivot, false).old[0]).toEqual({ kind: "solid", label: null });
    expect(ofPlan(it, false)[0]!.old.label).toBeNull();
    expect(rails.old[it.pivot!]).toMatchObject({ kind: "end" });
    expect(rails.new[0]).toEqual({ kind: "none" });
    expect(rails.new[1]).toMatchObject({ kind: "to_come" });
    expect(ofPlan(it, true).every((line) => line.status.kind === "pending")).toBe(true);
  });
  test("a new key has no old rail, a revocation no new one", () => {
    expect(railsOf("create")).toEqual({ old: false, new: true });
    expect(railsOf("signup")).toEqual({ old: false, new: true });
    expect(railsOf("revoke")).toEqual({ old: true, new: false });
    const rolled = plan("rotate").steps.filter((step) => step.step !== "revoke_old");
    const ends = planned(rolled, "rotate", 1, true).old.map((rail) => rail.kind);
    expect(ends.slice(0, 3), "replacing in place ends the old key").toEqual(["solid", "end", "none"]);
    expect(planned(plan("create").steps, "create", null, true).old.every((rail) => rail.kind === "none")).toBe(true);
  });
  test("before the pivot nothing is passed, at it everything is", () => {
    expect(passed(awaiting("r", key(2)))).toBe(false);
    const roll = rotationAt("r", "rotate", key(2), 1, { kind: "waiting", waitingFor: "person", until: null }, { kind: "awaiting_person" }, "");
    expect(passed({ ...roll, pivot: 1 }), "a person who has not done it can leave it").toBe(false);
    expect(passed(rotationAt("r", "rotate", key(2), 7, { kind: "running" }, { kind: "running" }, ""))).toBe(true);
    expect(passed(rotationAt("r", "create", key(2), 2, { kind: "running" }, { kind: "running" }, ""))).toBe(false);
  });
  test("an unknown mint draws the box and holds what follows", () => {
    const lines = ofRotation(unknownMint("r", key(2)));
    expect(lines[1]!.new.mark).toBe("may_exist");
    expect(lines.slice(2).every((line) => line.status.kind === "held")).toBe(true);
    expect(lines[0]!.old.top).toBe("solid");
  });
  test("a finished rotation moves no more", () => {
    const it = rotationAt("r", "rotate", key(2), 8, { kind: "done" }, { kind: "completed", at: NOW }, "");
    expect(ofRotation(it).some((line) => line.new.mark === "now")).toBe(false);
  });
});
