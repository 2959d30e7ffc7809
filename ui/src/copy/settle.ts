/** Ending a rotation by what the person knows of its keys. */
export const settle = {
  ask: "End it by my word…",
  title: "End it by your word",
  body: "Say what became of each key. Keywheel sends nothing and asks nobody: nothing is proven, no value leaves the keychain, and a key that may live on is listed as unaccounted.",
  key: { old: "The old key", new: "The new key" },
  claim: { works: "It works", gone: "It is gone", leave: "I do not say" },
  unsaid: "Say it of each key first.",
  confirm: "End it",
} as const;
