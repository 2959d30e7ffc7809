/**
 * Geometry of the two rails beside the steps. Any row read across answers which keys there are at that
 * moment; so each cell is drawn as an upper half, a lower half and a mark between them. Pure.
 */
import type { ActKindView, PlanStepView, RailView, StepView } from "../ipc/types";
import { copy } from "../copy";

export type Line = "none" | "solid" | "hollow" | "dashed";
export type Mark = "none" | "now" | "end" | "may_exist";
export interface Cell {
  top: Line;
  bottom: Line;
  mark: Mark;
  /** The line begins or ends in this cell with a rounded cap. */
  capTop: boolean;
  capBottom: boolean;
  label: string | null;
}

function line(rail: RailView | undefined): Line {
  switch (rail?.kind) {
    case "solid":
      return "solid";
    case "hollow":
      return "hollow";
    case "to_come":
      return "dashed";
    default:
      return "none";
  }
}

/** `moving` is whether the rotation stands at a step now: then the last living cell of the rail carries the ring. */
export function cells(rails: readonly RailView[], moving: boolean): Cell[] {
  return rails.map((rail, at) => {
    const before = rails[at - 1];
    const after = rails[at + 1];
    const label = rail.kind === "none" ? null : rail.label;
    const cell: Cell = { top: "none", bottom: "none", mark: "none", capTop: false, capBottom: false, label };
    switch (rail.kind) {
      case "none":
        return cell;
      case "may_exist":
        return { ...cell, mark: "may_exist" };
      case "end":
        return { ...cell, top: before && line(before) !== "none" ? line(before) : "dashed", mark: "end" };
      case "hollow":
      case "solid":
      case "to_come": {
        const own = line(rail);
        const next = line(after);
        cell.top = own;
        cell.bottom = own;
        cell.capTop = line(before) === "none";
        cell.capBottom = next === "none" && after?.kind !== "end";
        if (moving && own !== "dashed" && next === "dashed") {
          cell.mark = "now";
          cell.bottom = "dashed";
          cell.capBottom = false;
        }
        return cell;
      }
    }
  });
}

/** Between two rows, such as at the point of no return, the line of the row above runs through if the row below takes it up. */
export function between(above: Cell | undefined, below: Cell | undefined): Line {
  if (!above || !below || above.bottom === "none" || below.top === "none") return "none";
  return above.bottom === "dashed" || below.top === "dashed" ? "dashed" : below.top;
}

const ALIVE: RailView = { kind: "to_come", label: null };
const NOTHING: RailView = { kind: "none" };

/** A plan has no rails yet; before anything runs, both are still to come. That the old key works, only a call has said. */
export function planned(steps: readonly PlanStepView[], act: ActKindView, pivot: number | null, accepted: boolean): { old: RailView[]; new: RailView[] } {
  const minted = steps.findIndex((step) => step.step === "mint");
  // Where replacing in place ends the old key, nothing revokes it afterwards.
  const revoke = steps.findIndex((step) => step.step === "revoke_old");
  const revoked = revoke >= 0 ? revoke : (pivot ?? -1);
  const hasOld = act === "rotate" || act === "revoke";
  return {
    old: steps.map((_, at) => {
      if (!hasOld || (revoked >= 0 && at > revoked)) return NOTHING;
      return at === revoked ? { kind: "end", label: copy.rotation.ends } : at === 0 ? { kind: "solid", label: accepted ? copy.rotation.works : null } : ALIVE;
    }),
    new: steps.map((_, at) => (minted < 0 || at < minted ? NOTHING : ALIVE)),
  };
}

export const oldRails = (steps: readonly StepView[]): RailView[] => steps.map((step) => step.oldRail);
export const newRails = (steps: readonly StepView[]): RailView[] => steps.map((step) => step.newRail);
