/** Taking a new key back: where that harms, it is asked first. */
export const undo = {
  /** A new key that is in use. */
  ask: "Discard new key…",
  note: "it is in use",
  title: "Discard the key that is in use",
  body: "Programs with the new key fail until they have the old one again. Where a person put the new one, nobody puts the old one back.",
  confirm: "Discard new key",
  /** Nothing shows that the old key works. */
  anyway: "Discard the new key all the same",
  anywayTitle: "Discard the new key all the same",
  anywayBody: "Nothing shows that the old key works: the new one may be the only one that does. This cannot be undone.",
  anywayConfirm: "Discard it all the same",
  /** A value that may have been replaced in place, and nobody has the new one. */
  asIs: "End it as it is",
  asIsTitle: "End the rotation as it is",
  asIsBody: "The old value may have been replaced already, and nobody has the new one. Keywheel sends nothing more; the key may have to be rotated again.",
  asIsConfirm: "End it as it is",
  /** In production the key's name is typed. */
  typed: "Key name",
  type: (name: string) => `Type ${name}: it is in production.`,
  untyped: "Type the key's name first.",
} as const;
