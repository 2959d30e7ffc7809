/** A value that was seen where it should not be. */
import { plural } from "./plural";

export const leak = {
  open: "A key has leaked…",
  title: "A key has leaked",
  lead: "Copy the leaked value and take it from the clipboard. Keywheel says whose it is and what to do.",
  promise: "Nothing is sent, and the value is not kept.",
  take: "Take from clipboard",
  again: "Take another",
  looking: "Looking",
  what: "What it may be",
  which: "Which key it is",
  unknown: "No provider's form fits.",
  page: "Keys page",
  now: "What to do now",
  show: (name: string) => `Show ${name}`,
  act: { rotate: "Rotate now…", revoke_first: "Revoke first…", revoke: "Revoke now…", resume: "Show rotation" },
  reach: "What it may do",
  gone: "It is no longer in Keywheel.",
  note: (provider: string) => `${provider} says`,
  contact: "Contact",
  report: "Report, not sent",
  reportLabel: "Prepared report",
  to: "To",
  subject: "Subject",
  select: "Select all",
  length: (hint: string, length: number) => `${hint}, ${plural(length, "character", "characters")}`,
} as const;
