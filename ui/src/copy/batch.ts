/** Several keys replaced in one act: those that are picked in the list, or all of one owner. */
import { number } from "../parts/time";
import { plural } from "./plural";

export const leaving = {
  open: "Someone leaves…",
  title: "Someone leaves",
  lead: "Every key that a person or a team answers for is replaced. Nothing happens before you press.",
  owner: "Owner",
  choose: "Choose an owner",
  nobody: "No key has an owner yet. Say who answers for a key in its details.",
} as const;

export const batch = {
  title: (count: number) => `Rotate ${plural(count, "key", "keys")}`,
  lead: "Each is a rotation of its own: one that fails holds up no other. Production comes last. Nothing happens before you press.",
  planning: "Working out the plans",
  none: "There is no key left to replace.",
  list: "Keys",
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
  confirm: (count: number) => `Type ${number(count)}`,
  confirmWhy: (keys: number, stops: number) =>
    stops > 0 ? `${plural(stops, "key", "keys")} in production will not work until the new one is in place.` : `${plural(keys, "key", "keys")} in production will be replaced.`,
  unconfirmed: (count: number) => `Type ${number(count)} first.`,
} as const;

export const selection = {
  label: "Selection",
  all: "Select all shown",
  one: (name: string) => `Select ${name}`,
  count: (count: number) => `${number(count)} selected`,
  hidden: (count: number) => `${number(count)} outside the filter`,
  rotate: (able: number, count: number) => (able < count ? `Rotate ${number(able)} of ${number(count)}…` : `Rotate ${number(count)}…`),
  verify: (able: number, count: number) => (able < count ? `Verify ${number(able)} of ${number(count)}` : `Verify ${number(count)}`),
  rotateEntry: (count: number) => `Rotate ${plural(count, "selected key", "selected keys")}…`,
  clear: "Clear selection",
} as const;
