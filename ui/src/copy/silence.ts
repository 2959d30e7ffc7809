/** An old key that is replaced and not revoked yet: it may be in use. */
export const silence = {
  seen: (at: string) => `Last seen ${at}.`,
  never: "The provider never saw it in use, or did not tell.",
  /** Where it is not its use that holds it. */
  above: "Why it was not revoked stands above.",
  again: (at: string) => `Asked again ${at}.`,
  note: "See where it is used and replace it there. The old key is not revoked meanwhile.",
  unknown: "Look at your own logs before you go on. The old key is not revoked meanwhile.",
  elsewhere: "Another new key of this name is at the provider.",
  elsewhereNote: "Another machine may be replacing this key too, or an earlier try came late. See which of the new keys is in use; then revoke the old one, or undo.",
  ask: "Ask now",
  anyway: "Revoke anyway…",
  title: "Revoke a key that may be in use",
  body: (seen: string) => `${seen} Whatever still uses it fails at once. This cannot be undone, and is written into the history.`,
  confirm: "Revoke it anyway",
} as const;
