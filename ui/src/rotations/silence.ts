/** When the old key was last seen, and when that is asked again. Pure. */
import type { RotationView, SilenceView } from "../ipc/types";
import { asOf, deadline } from "../parts/time";
import { copy } from "../copy";

export const seen = (it: SilenceView, now: number): string => (it.lastUsedAt === null ? copy.silence.never : copy.silence.seen(asOf(it.lastUsedAt, now)));

export const again = (it: SilenceView, now: number): string => copy.silence.again(deadline(it.askedAt, now));

/** What is true of a rotation, in one line: with the moment at which its old key was last seen. */
export function told({ headline, silence }: RotationView, now: number): string {
  return silence?.lastUsedAt ? `${copy.silence.seen(asOf(silence.lastUsedAt, now))} ${headline}` : headline;
}
