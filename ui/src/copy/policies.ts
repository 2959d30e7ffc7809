/** Rules of age. */
import { number } from "../parts/time";
import { plural } from "./plural";

export const policies = {
  title: "Policies",
  sub: "When a key is due, when it is stale, and how long an old key is kept",
  environment: "Environment",
  maxAge: "Maximum age",
  dueSoon: "Due soon from",
  overlap: "Keep old key",
  keys: "Keys",
  stale: "Stale",
  all: "All keys",
  ofAll: "as all keys",
  days: "d",
  percent: "%",
  hours: "h",
  preview: (name: string, days: number, after: number) => `Setting ${name} to ${number(days)} d makes ${plural(after, "key", "keys")} stale.`,
  previewNow: (before: number, days: number) => `Now ${number(before)}, at ${number(days)} d. Nothing is rotated or revoked by this change.`,
  picture: (count: number, limit: number) => `Ages of ${plural(count, "key", "keys")} against a limit of ${number(limit)} days`,
  now: (days: number) => `now ${number(days)} d`,
  limit: (days: number) => `${number(days)} d`,
  turning: "Would turn stale",
  more: (count: number) => `and ${number(count)} more`,
  set: (name: string, days: number | null) => (days === null ? `Set rule of ${name}` : `Set ${name} to ${number(days)} d`),
  allName: "all keys",
  note: "A rule applies at once. An environment without a rule of its own follows the one for all keys.",
  dueDay: (day: number) => `day ${number(day)}`,
  rename: (name: string) => `Rename ${name}`,
} as const;
