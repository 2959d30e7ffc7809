/** When taking a new key back is asked first, and what is offered once it was refused. Pure. */
import type { ErrorView, RotationView } from "../ipc/types";

/** Refusals that mean: nothing shows that the old key works. */
const UNSHOWN: readonly string[] = ["key.predecessor_refused", "key.predecessor_unlisted", "key.predecessor_ends", "keychain.missing", "keychain.mismatch"];
/** A value that may have been replaced in place by a call whose answer was lost. */
const MAY_HAVE_CHANGED = "rotation.may_have_changed";

/** What a person may order all the same: `discard` the new key, or `end` where nobody has one. */
export type AllTheSame = "discard" | "end";

/** What stands beneath the error of a refused act; nothing where it was another act, or the way round it stands in the sheet anyway. */
export function allTheSame({ acts }: Pick<RotationView, "acts">, tried: string | null, error: Pick<ErrorView, "code"> | null): AllTheSame | null {
  if (tried !== "undo" || error === null || !acts.undo) return null;
  if (error.code === MAY_HAVE_CHANGED) return "end";
  return UNSHOWN.includes(error.code) ? "discard" : null;
}

/** Whether what was typed is the name, as it is or as it is shown. */
export const isTyped = (typed: string, ...names: string[]): boolean => names.some((name) => typed.trim() === name.trim());
