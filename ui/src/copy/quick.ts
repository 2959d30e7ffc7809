/** Quick access. */
export const quick = {
  title: "Quick access",
  placeholder: "Copy a key",
  list: "Keys",
  none: (needle: string) => `No key matches “${needle}”`,
  noKeys: "No keys yet. They appear here once an account is connected.",
  demo: "DEMO",
  copy: "Copy",
  copyAnyway: "Copy anyway",
  open: "Open",
  rotate: "Rotate…",
  refused: "Its provider refuses this key.",
  expired: "This key has expired.",
  notReplaced: "Its old value was revoked, and no new one is in its place yet.",
  rotating: "It is being replaced.",
  copied: (name: string) => `Copied ${name}`,
  clears: (seconds: number) => `The clipboard is cleared in ${seconds} s`,
} as const;
