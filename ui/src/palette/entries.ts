/** What the palette offers: acts on what is selected, places, and every key. Held acts stay, with the reason. */
import { home, type Place } from "../frame/home.svelte";
import { goTo } from "../keys/goto";
import { keys } from "../keys/keys.svelte";
import { selection } from "../keys/selection.svelte";
import { acts, heldBecause } from "../keys/acts.svelte";
import { tone, type Tone } from "../keys/status";
import { importing } from "../keys/importing.svelte";
import { leak } from "../leak/leak.svelte";
import { batch } from "../batch/batch.svelte";
import { scan } from "../scan/scan.svelte";
import { connect } from "../accounts/connect.svelte";
import { lock } from "../frame/lock.svelte";
import { openQuick, zoom } from "../settings/settings.svelte";
import type { KeyView } from "../ipc/types";
import { keyText } from "./rank";
import { copy } from "../copy";
import BadgeCheck from "@lucide/svelte/icons/badge-check";
import Copy from "@lucide/svelte/icons/copy";
import FolderSearch from "@lucide/svelte/icons/folder-search";
import Gauge from "@lucide/svelte/icons/gauge";
import Import from "@lucide/svelte/icons/import";
import Lock from "@lucide/svelte/icons/lock";
import Settings from "@lucide/svelte/icons/settings";
import KeyRound from "@lucide/svelte/icons/key-round";
import Plug from "@lucide/svelte/icons/plug";
import Plus from "@lucide/svelte/icons/plus";
import RefreshCw from "@lucide/svelte/icons/refresh-cw";
import RotateCw from "@lucide/svelte/icons/rotate-cw";
import Ruler from "@lucide/svelte/icons/ruler";
import ScrollText from "@lucide/svelte/icons/scroll-text";
import Siren from "@lucide/svelte/icons/siren";
import UserMinus from "@lucide/svelte/icons/user-minus";
import Zap from "@lucide/svelte/icons/zap";
import X from "@lucide/svelte/icons/x";
import ZoomIn from "@lucide/svelte/icons/zoom-in";
import ZoomOut from "@lucide/svelte/icons/zoom-out";

export interface Entry {
  id: string;
  label: string;
  sub: string;
  /** What the needle is looked for in. */
  text: string;
  tone: Tone | null;
  icon: typeof Plus | null;
  keys?: string;
  held: string | null;
  run: () => void;
}

const where = (key: KeyView) => `${key.providerName} · ${key.orgName} › ${key.environmentName}`;

export const keyEntry = (key: KeyView): Entry => ({
  id: `key-${key.id}`, label: key.name, sub: where(key), text: keyText(key), tone: tone(key.status), icon: null, held: null, run: () => goTo(key),
});

/** Everything but the keys. */
export function actEntries(): Entry[] {
  const act = (id: string, icon: typeof Plus, label: string, run: () => void, shortcut?: string): Entry => ({
    id, label, sub: "", text: label, tone: null, icon, held: null, run, ...(shortcut ? { keys: shortcut } : {}),
  });
  const places: [Place, typeof Plus, string][] = [
    ["overview", Gauge, "G O"], ["keys", KeyRound, "G K"], ["rotations", RefreshCw, "G R"], ["accounts", Plug, "G A"], ["activity", ScrollText, "G L"], ["policies", Ruler, "G P"], ["settings", Settings, "Mod ,"],
  ];
  const current = keys.current;
  const picked = selection.keys;
  return [
    ...(picked.length > 0
      ? [
          { ...act("rotate-selected", RefreshCw, copy.selection.rotateEntry(picked.length), () => selection.rotate(), "R"), held: selection.rotateHeld },
          act("clear-selected", X, copy.selection.clear, () => selection.clear()),
        ]
      : []),
    ...(current
      ? [
          { ...act("rotate", RefreshCw, copy.palette.rotate(current.name), () => acts.rotate(current), "R"), sub: where(current), held: current.rotationId ? null : heldBecause(current.acts.rotate) },
          { ...act("copy", Copy, copy.palette.copy(current.name), () => void acts.copy(current), "Mod C"), sub: where(current), held: heldBecause(current.acts.copy) },
          { ...act("verify", BadgeCheck, copy.palette.verify(current.name), () => void acts.verify(current), "V"), sub: where(current), held: heldBecause(current.acts.verify) },
        ]
      : []),
    act("connect", Plug, copy.accounts.connect, () => void connect.open("connect")),
    act("new", Plus, copy.keys.newKey, () => (keys.creating = true), "N"),
    { ...act("import", Import, copy.importKey.open, () => importing.start()), held: home.inventory?.accounts.length ? null : copy.importKey.noAccount },
    act("leak", Siren, copy.leak.open, () => leak.start()),
    act("scan", FolderSearch, copy.scan.open, () => scan.start()),
    act("leaving", UserMinus, copy.leaving.open, () => batch.startWithOwner()),
    act("quick", Zap, copy.quick.title, () => void openQuick()),
    act("lock", Lock, copy.lock.now, () => void lock(), "Mod L"),
    act("larger", ZoomIn, copy.settings.larger, () => zoom("larger"), "Mod +"),
    act("smaller", ZoomOut, copy.settings.smaller, () => zoom("smaller"), "Mod -"),
    act("refresh", RotateCw, copy.keys.refresh, () => void home.refresh(null)),
    ...places.map(([place, icon, shortcut]) => act(`go-${place}`, icon, copy.palette.go(copy.places[place]), () => home.go(place), shortcut)),
  ];
}
