/** One key: its details, what is said of it, what is amiss, how it is used. */
import { age, number } from "../parts/time";
import { plural } from "./plural";

export const drawer = {
  region: "Key details",
  previous: "Previous key",
  next: "Next key",
  close: "Close details",
  name: "Key name",
  edit: "Edit name",
  version: (count: number) => `Version ${count}`,
  hint: "Hint",
  noHint: "no hint",
  copy: "Copy",
  copied: "Copied",
  reveal: "Reveal",
  hide: "Hide",
  revealed: (left: string) => `Revealed. Hides in ${left}.`,
  revealLabel: "Revealed value",
  rotate: "Rotate…",
  showRotation: "Show rotation",
  verify: "Verify",
  verifying: "Verifying",
  paste: "Paste value…",
  pasteHelp: "Copy the value at its source first. Keywheel takes it from the clipboard, clears it there and keeps it in the keychain.",
  pasteTake: "Take from clipboard",
  lifetime: "Lifetime",
  created: "Created",
  firstSeen: "First seen",
  limit: (days: number) => `Limit, ${number(days)} d`,
  today: (days: number, atLeast: boolean) => `Today, ${age(days, atLeast)}`,
  over: (days: number) => `${number(days)} d over`,
  left: (days: number) => `${number(days)} d left`,
  lifetimeLabel: (text: string, limit: number) => `${text}; the limit is ${number(limit)} days`,
  expires: "Provider expiry",
  lastUsed: "Last used",
  verification: "Verification",
  notVerified: "Not verified yet.",
  ms: (ms: number) => `${number(ms)} ms`,
  accepted: "Accepted",
  refused: "Refused",
  undetermined: "No clear answer",
  versions: "Versions",
  history: "History",
  allActivity: "All activity",
  noHistory: "Nothing has happened to this key yet.",
  policy: "Policy",
  policyLink: "Policies",
  policyLine: (maxAge: number, dueFrom: number, overlap: number) =>
    `${number(maxAge)} d at most, due soon from day ${number(dueFrom)}. ${
      overlap === 0 ? "An old key is revoked as soon as you say that it is replaced." : `An old key is kept ${number(overlap)} h after you say that it is replaced.`
    }`,
  policyAll: "Rule for all keys",
  policyEnvironment: (name: string) => `Rule of ${name}`,
  notes: "What it can do",
  same: (names: string) => `The same value is also held as ${names}.`,
  page: "Open provider page",
  move: "Environment",
  emergency: "Leaked or lost",
  revoke: "Revoke now…",
  remove: "Remove from Keywheel…",
  removeTitle: (name: string) => `Remove ${name} from Keywheel`,
  removeBody:
    "Keywheel forgets the key and deletes its values from the keychain. Nothing is revoked: the key goes on working at the provider, and appears again when its account is next read.",
  removeConfirm: "Remove from Keywheel",
  versionState: { pending: "pending", live: "live", retiring: "in overlap", revoked: "revoked", compromised: "compromised" },
  held: "in the keychain",
  notHeld: "not held",
  actor: { window: "you", cli: "command line", keywheel: "Keywheel" },
} as const;

export const clipboard = {
  copied: (seconds: number) => `Copied. Clears in ${seconds} seconds.`,
  line: (hint: string) => `${hint} copied, clears in`,
  clear: "Clear now",
} as const;

export const about = {
  title: "About",
  edit: "Edit…",
  editLabel: "Edit owner, use and permissions",
  sheet: (name: string) => `About ${name}`,
  owner: "Owner",
  ownerHelp: "Who answers for it.",
  ownerPersonal: "The provider binds a key to one person: who is it?",
  use: "Used for",
  useExample: "Nightly export",
  preset: "Meant for",
  presetNone: "Not said",
  presetOf: (name: string, permissions: string) => `${name}: ${permissions}`,
  presetHelp: "The narrowest that is enough. Keywheel flags a key that may do more.",
  permissions: "It may",
  none: "Nothing is said of it yet.",
  notSaid: "not said",
  save: "Save",
} as const;

export const flags = {
  title: "Flags",
  mark: (sentence: string, more: number) => (more === 0 ? sentence : `${sentence} And ${plural(more, "more flag", "more flags")}.`),
} as const;

export const uses = {
  title: "Use it",
  form: "Form",
  forms: { sh: "Shell", cmd: "Command Prompt", powershell: "PowerShell", curl: "curl", javascript: "JavaScript", python: "Python" },
  copy: "Copy",
  copied: "Copied",
  copiedLine: (form: string) => `${form} copied. It holds no value.`,
  selected: "Selected. Press Ctrl+C to copy.",
  note: (variable: string) => `Names ${variable}; holds no value.`,
  label: (form: string) => `${form} snippet`,
} as const;
