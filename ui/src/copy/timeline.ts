/** The timeline of rotations. */

export const timeline = {
  title: "Timeline of rotations",
  sum: (open: number, due: number) => `${open} open, ${due} due in 14 days`,
  filter: "Filter rotations",
  placeholder: "Key, provider or state",
  noMatch: "No rotation matches",
  open: "Open",
  dueIn: "Due in the next 14 days",
  ended: "Ended in the last 14 days",
  due: "due soon",
  head: ["Key", "State", "New key from", "Old key until"],
  key: { old: "old key only", both: "both keys", only: "new key only", planned: "planned", end: "old key ends" },
} as const;
