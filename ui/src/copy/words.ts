/** Words that every feature says. */

export const app = "Keywheel";
export const loading = "Loading";
export const cancel = "Cancel";
export const close = "Close";
export const details = "Details";
export const retry = "Try again";
export const save = "Save";
export const unknown = "–";
export const back = "Back";
export const rename = "Rename";
export const done = "Done";
