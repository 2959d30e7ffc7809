/** The list of keys. */
import { number } from "../parts/time";
import { plural } from "./plural";

export const status = {
  refused: "Refused",
  expired: "Expired",
  notReplaced: "Not replaced",
  stale: "Stale",
  staleBy: (days: number) => `Stale, ${number(days)} d over`,
  due: "Due soon",
  dueIn: (days: number) => (days === 0 ? "Due today" : `Due in ${number(days)} d`),
  unverified: "Unverified",
  notHeld: "Not held",
  rotating: "Rotating",
  fresh: "Fresh",
  revoked: "Ended",
} as const;

export const facets = {
  label: "Status",
  all: "All",
  refused: "Refused",
  not_replaced: "Not replaced",
  stale: "Stale",
  due: "Due soon",
  rotating: "Rotating",
  unverified: "Unverified",
  not_held: "Not held",
  fresh: "Fresh",
  revoked: "Ended",
  counted: (count: number, word: string) => `${number(count)} ${word.toLowerCase()}`,
} as const;

export const keys = {
  title: "Keys",
  filter: "Filter keys",
  placeholder: "Name, provider, hint or status:stale",
  removeToken: (token: string) => `Remove ${token}`,
  groupBy: { label: "Group keys", org: "Group by org", environment: "Group by environment", none: "No groups" },
  newKey: "New key",
  refresh: "Refresh all accounts",
  columns: {
    status: "Status", name: "Key", provider: "Provider", environment: "Env", hint: "Hint", age: "Age vs limit", verified: "Verified",
  },
  sortedBy: (column: string, descending: boolean) => `Sorted by ${column}${descending ? ", reversed" : ""}`,
  grid: "Keys",
  emptyTitle: "No keys yet",
  emptyBody: "Connect an account and its keys appear here.",
  scopeEmpty: "No keys in this scope",
  scopeEmptyBody: "Keys of other organisations and environments are elsewhere in the tree.",
  noMatch: "No keys match",
  in: "in",
  clearFilter: "Clear filter",
  shown: (count: number) => plural(count, "key", "keys"),
  notHeld: "value not held",
  notHeldTitle: "Keywheel does not hold this value. Paste it in to copy and verify.",
  management: "manages keys",
  webhook: "signs webhooks",
  ageTitle: (since: string, limit: number, atLeast: boolean) => `${atLeast ? "First seen" : "Created"} ${since} · limit ${limit} d`,
  ageLabel: (days: number, limit: number, atLeast: boolean) =>
    `${atLeast ? "at least " : ""}${plural(days, "day", "days")} old, limit ${number(limit)} days`,
  neverVerified: "Never verified",
  rowsAsOf: (label: string, at: string) => `${label}: as of ${at}`,
  rowsNever: (label: string) => `${label}: never read`,
} as const;

export const newKey = {
  title: "New key",
  account: "Account",
  environment: "Environment",
  name: "Name",
  nameHelp: "What programs know it by. Its values change; the name stays.",
  create: "Create key",
  storeNote: "The key is stored in the keychain before it is shown.",
  noAccount: "No connected account can create keys.",
  byPerson: (provider: string) => `You create it on ${provider}'s page, or take the value of one that is there.`,
  next: "Continue",
} as const;

const unusual = "Keys of this provider usually look otherwise. Look at it once more; if it is right, import it anyway.";

export const importKey = {
  open: "Import key…",
  title: "Import a key",
  account: "Account",
  environment: "Environment",
  value: "Value",
  valueHelp: "Copy it first. Keywheel reads the clipboard once and keeps the value in the keychain.",
  take: "Take from clipboard",
  again: "Replace",
  forget: "Forget",
  taken: (length: number) => plural(length, "character", "characters"),
  name: "Name",
  nameHelp: "What programs know it by.",
  proposed: (provider: string) => `Proposed as ${provider} advises to name keys.`,
  created: "Created on",
  createdHelp: "Year-month-day. Its age counts from today without.",
  createdExample: "2026-08-01",
  optional: "optional",
  submit: "Import key",
  anyway: "Import anyway",
  note: "The value is not sent anywhere. Verify does that.",
  noAccount: "No account yet. Connect one first.",
  noValue: "Take the value from the clipboard first.",
  /** What is asked before it is taken all the same, by the code of the refusal. */
  asks: {
    "input.unusual_key_format": unusual,
    "input.wrong_key_format": unusual,
    "input.listed_already": "A listed key of this account begins like this value, and its value is missing. Paste it there, or import it as another key.",
    "input.held_already": "Another key of yours has or had this very value. Rotating one of them ends both. Use that one, or import it as a second key.",
  } as Readonly<Record<string, string>>,
  byHandTitle: "Bring in the keys you have",
  byHandBody: "This provider has no API that lists or creates keys. Import the ones that exist.",
} as const;

export const more = "More for keys";
