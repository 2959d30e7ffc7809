/** One shape for the rows of the sheet, from a plan before it runs and from a rotation after. Pure. */
import type { ActKindView, PlanView, RotationView, StepActorView, StepKindView, StepStatusView } from "../ipc/types";
import { cells, newRails, oldRails, planned, type Cell } from "./rails";

export interface StepLine {
  step: StepKindView;
  title: string;
  detail: string;
  actor: StepActorView;
  status: StepStatusView;
  tookMs: number | null;
  old: Cell;
  new: Cell;
}

export function ofPlan(plan: PlanView): StepLine[] {
  // In a grace the old value lives on after the point of no return.
  const rails = planned(plan.steps, plan.act, plan.strategy === "roll_with_grace" ? null : plan.pivot);
  const old = cells(rails.old, false);
  const fresh = cells(rails.new, false);
  return plan.steps.map((step, at) => ({ ...step, status: { kind: "pending" }, tookMs: null, old: old[at]!, new: fresh[at]! }));
}

export function ofRotation(rotation: RotationView): StepLine[] {
  const moving = rotation.closedAt === null;
  const old = cells(oldRails(rotation.steps), false);
  const fresh = cells(newRails(rotation.steps), moving);
  return rotation.steps.map((step, at) => ({
    step: step.step, title: step.title, detail: step.detail, actor: step.actor, status: step.status, tookMs: step.tookMs, old: old[at]!, new: fresh[at]!,
  }));
}

/** Which rails there are: a new key has no old one, a revocation no new one. */
export function railsOf(act: ActKindView): { old: boolean; new: boolean } {
  return { old: act === "rotate" || act === "revoke", new: act !== "revoke" };
}

/** Whether the point of no return lies behind. */
export function passed(rotation: RotationView): boolean {
  // While the old key is listened for, nothing has been sent.
  if (rotation.pivot === null || rotation.silence !== null) return false;
  const first = rotation.steps[rotation.pivot]?.status;
  switch (first?.kind) {
    case "waiting":
      // A person who has not done it yet can still leave it.
      return first.waitingFor !== "person";
    case "running":
    case "done":
    case "unknown":
    case "failed":
      return true;
    default:
      return false;
  }
}

/** How a whole rotation stands, in the glyphs of its steps. */
export function statusOf(rotation: RotationView): StepStatusView {
  switch (rotation.state.kind) {
    case "completed":
      return { kind: "done" };
    case "undone":
    case "stopped":
      return { kind: "undone" };
    case "ready":
      return { kind: "pending" };
    case "running":
    case "undoing":
      return { kind: "running" };
    case "awaiting_person":
      return { kind: "waiting", waitingFor: "person", until: null };
    case "awaiting_time":
      return { kind: "waiting", waitingFor: "time", until: null };
    case "unknown":
    case "asking":
    case "failed":
      return (rotation.current === null ? null : rotation.steps[rotation.current]?.status) ?? { kind: "held" };
  }
}
