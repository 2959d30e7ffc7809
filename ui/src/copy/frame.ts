/** Around the features: places, sidebar, status bar, banners, first run. */
import { plural } from "./plural";

export const places = { overview: "Overview", keys: "Keys", rotations: "Rotations", accounts: "Accounts", activity: "Activity", policies: "Policies", settings: "Settings" } as const;
export const regions = { sidebar: "Places and scopes", list: "List", drawer: "Key", status: "Status", notices: "Notices" } as const;

export const sidebar = {
  search: "Search or run",
  organisations: "Organisations",
  all: "All organisations",
  addOrg: "Add organisation",
  addEnvironment: "Add environment",
  orgName: "Organisation name",
  environmentName: "Environment name",
  renameOrg: (name: string) => `Rename ${name}`,
  environments: "Environments",
  theme: { system: "Theme: system", light: "Theme: light", dark: "Theme: dark" },
  shortcuts: "Shortcuts",
  fold: (name: string) => `Fold ${name}`,
  unfold: (name: string) => `Unfold ${name}`,
  worst: (word: string, count: number) => `${plural(count, "key", "keys")}, worst: ${word}`,
  none: "no keys",
} as const;

export const status_bar = {
  ready: "Keychain unlocked",
  locked: "Keychain locked",
  problem: "Keychain not available",
  unlock: "Unlock keychain",
  running: (count: number) => `${plural(count, "rotation", "rotations")} open`,
  accounts: (count: number, at: string) => `${plural(count, "account", "accounts")}, read ${at}`,
  noAccounts: "No accounts",
  failing: (count: number) => `${plural(count, "account", "accounts")} could not be read`,
} as const;

export const banner = {
  demo: "Demo data. A provider simulator on this machine answers; nothing here is real.",
  failed: "Keywheel could not be reached",
  data: "Keywheel cannot open its data",
} as const;

export const exit = {
  title: "A new key is not stored yet",
  stay: "Keep Keywheel open",
  quit: "Quit anyway",
} as const;

export const firstRun = {
  title: "Find out which keys are overdue.",
  body: "Values stay in the system keychain of this machine. Keywheel speaks to your providers and to nobody else.",
  connect: "Connect an account",
  signUp: "Sign up at a provider",
  what: "What you will see",
  legend: "Grey is inside the limit, hatched is past it.",
  limit: "limit",
  how: [
    ["Connect", "Keywheel reads the list of keys of an account."],
    ["See", "Every key has an age and a limit; the overdue stand on top."],
    ["Rotate", "One press makes the new key and stores it; you say when it is in place."],
  ],
  specimen: ["Media pipeline", "Payments API", "Edge purge", "Voice callbacks", "Catalogue search"],
} as const;

export const shortcuts = {
  title: "Shortcuts",
  note: "Single letters work while the list or the key details have focus.",
  groups: [
    { name: "Anywhere", keys: [
      ["Mod K", "Search or run"], ["/", "Filter this view"], ["F6", "Next region"], ["Mod +", "Zoom in"], ["Mod -", "Zoom out"], ["?", "Shortcuts"], ["Esc", "Close, or clear filter and selection"],
      ["G O", "Overview"], ["G K", "Keys"], ["G R", "Rotations"], ["G A", "Accounts"], ["G L", "Activity"], ["G P", "Policies"], ["Mod ,", "Settings"], ["Mod L", "Lock now"],
    ] },
    { name: "List and details", keys: [
      ["↑ ↓", "Move, also K and J"], ["Home End", "First, last"], ["Enter", "Open details"], ["Space", "Peek"], ["Mod C", "Copy key"],
      ["X", "Select"], ["Shift ↑ ↓", "Extend the selection"], ["Mod A", "Select all shown"], ["R", "Rotate…"], ["V", "Verify"], ["E", "Edit name"], ["N", "New key"],
    ] },
  ],
} as const;

export const palette = {
  label: "Search or run",
  placeholder: "Name of a key, or an act",
  none: "Nothing matches",
  keys: "Keys",
  acts: "Acts",
  rotate: (name: string) => `Rotate ${name}…`,
  copy: (name: string) => `Copy ${name}`,
  verify: (name: string) => `Verify ${name}`,
  go: (place: string) => `Go to ${place}`,
} as const;
