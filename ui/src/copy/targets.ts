/** Where a key is used. */

export const targets = {
  title: "Used in",
  none: "No file or command is known. You put a new key in place yourself.",
  add: "Add .env file…",
  command: "A command is added at a terminal: keywheel target add.",
  remove: (title: string) => `Forget ${title}`,
  forget: "Forget",
  stands: { serving: "holds the key", other: "holds another value of it", drifted: "value differs", amiss: "not readable", untold: "" },
  sheet: (name: string) => `Where ${name} is used`,
  lead: "A rotation writes the new value there and puts the old one back when it is undone. Nothing else in the file changes.",
  path: "File",
  pathHelp: "Its whole path. The file has to hold the value of this key already.",
  name: "Name",
  nameHelp: "What the file assigns the value to.",
  tracked: "Git tracks this file, and I want it all the same",
  save: "Add file",
  undoNote: "the old key is put back first",
  /** Under a step of a rotation. */
  byHand: "I have put it there",
  putBack: "I have put it back",
  confirm: "I have made sure",
  confirmEnds: "I have made sure: revoke the old key",
  confirmNote: "Restart what reads these files, so that the new key is in use.",
} as const;
