/** Every key of one owner, for the day that person leaves. */
import { plural } from "./plural";

export const leaving = {
  open: "Someone leaves…",
  title: "Someone leaves",
  lead: "Every key that a person or a team answers for is replaced. Nothing happens before you press.",
  owner: "Owner",
  choose: "Choose an owner",
  nobody: "No key has an owner yet. Say who answers for a key in its details.",
  planning: "Working out the plans",
  none: "No key of theirs can be replaced or is left.",
  list: "Their keys",
  outage: "Outage.",
  byYou: "You act on the provider's page.",
  byApi: "Keywheel acts through the provider's API.",
  held: "Stays as it is:",
  failed: "Did not begin:",
  show: (name: string) => `Show rotation of ${name}`,
  showShort: "Show rotation",
  begin: (count: number) => `Begin ${plural(count, "rotation", "rotations")}`,
  begun: (count: number) => `${plural(count, "rotation", "rotations")} begun; followed under Rotations.`,
  left: (count: number) => (count === 0 ? "" : `${plural(count, "key stays", "keys stay")} as ${count === 1 ? "it is" : "they are"}.`),
  stops: (count: number) => `${plural(count, "old key stops", "old keys stop")} at once.`,
} as const;
