/** What has happened. */

export const activity = {
  title: "Activity",
  filter: "Filter activity",
  placeholder: "Word, key or result",
  empty: "No activity yet",
  emptyBody: "What you and Keywheel do is listed here, without values.",
  noMatch: "No activity matches",
  result: { done: "done", failed: "failed", unknown: "unknown" },
} as const;
