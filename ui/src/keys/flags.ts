/** Flags: what is amiss with a key beside its age. Rust sorts them, worst first. Pure. */
import type { FlagView, KeyView } from "../ipc/types";
import { copy } from "../copy";

/** What the mark in the row says: the worst one, and how many more. */
export function mark(flags: readonly FlagView[]): string | null {
  return flags[0] ? copy.flags.mark(flags[0].sentence, flags.length - 1) : null;
}

const NONE: readonly string[] = ["no", "none", "false"];

/** `flag:any`, `flag:none`, else the code or the beginning of a word in it: `flag:broader`, `flag:orgs`. */
export function hasFlag(key: Pick<KeyView, "flags">, value: string): boolean {
  if (NONE.includes(value)) return key.flags.length === 0;
  if (["any", "yes", "true"].includes(value)) return key.flags.length > 0;
  return key.flags.some(({ code }) => code === value || code.startsWith(value) || code.split("_").some((word) => word.startsWith(value)));
}

/** `owner:none`, else how a word of the owner's name begins. */
export function hasOwner(key: Pick<KeyView, "owner">, value: string): boolean {
  if (NONE.includes(value)) return key.owner === null;
  const owner = key.owner?.toLowerCase() ?? "";
  return owner.startsWith(value) || owner.split(/\s+/).some((word) => word.startsWith(value));
}
