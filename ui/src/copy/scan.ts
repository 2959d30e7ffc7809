/** Values of keys in files that git tracks. */
export const scan = {
  open: "Look through a folder…",
  title: "Look through a folder",
  lead: "Keywheel looks for the values of your keys in the files that git tracks there, as they lie there now; not in former commits. A key whose value it finds is flagged.",
  folder: "Folder",
  folderHelp: "Its whole path, inside a git repository.",
  example: "~/code/checkout",
  look: "Look",
  looking: "Looking",
  promise: "No value is shown, kept or sent.",
  found: "Found",
  show: "Show key",
  rotate: "Rotate now…",
  leaked: "A value in a repository has leaked: replace the key, then take the value out of the file.",
} as const;
