/** The sentence of a key in the queue: why it is there, in one line. Pure. */
import type { KeyView, QueueGroupView, RotationView } from "../ipc/types";
import { ago, moment } from "../parts/time";
import { visible } from "../parts/visible";
import { told } from "../rotations/silence";
import { copy } from "../copy";

const WEEK = 7 * 86_400_000;

export function why(key: KeyView, rotation: RotationView | null, now: number): string {
  if (rotation) return told(rotation, now);
  const said = copy.overview.why;
  // Most were asked about of late: only what was not is worth a word.
  const seen = key.verdict?.answer === "live" && now - Date.parse(key.verdict.at) > WEEK;
  const verified = seen && key.verdict ? said.verified(ago(key.verdict.at, now)) : null;
  const listed = (first: string) => [first, key.purpose === "management" ? said.credential : key.purpose === "webhook" ? said.webhook : verified].filter((part) => part !== null).join(", ");
  switch (key.status.kind) {
    case "refused":
      return said.refused(visible(key.providerName), moment(key.status.since));
    case "expired":
      return said.expired(moment(key.status.at));
    case "stale":
      return listed(said.stale(key.status.overDays, key.age.limitDays));
    case "due_soon":
      return listed(said.due(key.status.inDays, key.age.limitDays));
    default:
      return said.unverified;
  }
}

/** The line under the title: the gravest first, and no more than two clauses. */
export function summary(queue: readonly QueueGroupView[]): string {
  const count = (cause: QueueGroupView["cause"]) => queue.find((group) => group.cause === cause)?.count ?? 0;
  const said = copy.overview.summary;
  const clauses = [
    count("refused") > 0 ? said.refused(count("refused")) : null,
    count("stale_production") > 0 ? said.stale(count("stale_production")) : null,
    count("rotation") > 0 ? said.rotation(count("rotation")) : null,
  ].filter((clause) => clause !== null);
  return clauses.slice(0, 2).map((clause) => `${clause}.`).join(" ");
}
