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

/** `accepted`: the newest call with the old key was. A plan itself asks nobody. */
export function ofPlan(plan: PlanView, accepted: boolean): StepLine[] {
  // In a grace the old value lives on after the point of no return.
  const rails = planned(plan.steps, plan.act, plan.strategy === "roll_with_grace" ? null : plan.pivot, accepted);
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
    // The provider does not know the key that was to be revoked.
    case "skipped":
    case "unknown":
    case "failed":
      return true;
    default:
      return false;
  }
}

/** Whether it stands past the point of no return while a person or the clock is awaited: then the old key ends by itself. */
export const inGrace = ({ pivot, current, outage }: RotationView): boolean => !outage && pivot !== null && current !== null && current > pivot;

/** Whether *I have replaced it* is followed by the end of the old key at once: nothing is waited for between them, and Keywheel ends it. */
export function endsAtOnce({ steps }: Pick<RotationView, "steps">): boolean {
  const after = steps.slice(steps.findIndex((step) => step.step === "confirm") + 1);
  const ends = after.findIndex((step) => step.step === "revoke_old");
  return ends >= 0 && after[ends]!.actor === "api" && !after.slice(0, ends).some((step) => step.step === "wait");
}

/** Whether nothing was sent yet that changes anything: it stands before the first such step, or a person is still awaited there. */
export function untouched({ steps, current }: Pick<RotationView, "steps" | "current">): boolean {
  const first = steps.findIndex((step) => step.step === "mint" || step.step === "revoke_old");
  if (current === null || first < 0 || current > first) return false;
  const status = steps[first]!.status;
  return current < first || (status.kind === "waiting" && status.waitingFor === "person");
}

/** How a whole rotation stands, in the glyphs of its steps. */
export function statusOf(rotation: RotationView): StepStatusView {
  switch (rotation.state.kind) {
    case "completed":
      return { kind: "done" };
    case "undone":
    case "stopped":
    case "settled":
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
