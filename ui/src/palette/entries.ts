/** What the palette offers: places, acts, and every key with what can be done to it. Held acts stay, with the reason. */
import { home, type Place } from "../frame/home.svelte";
import { keys } from "../keys/keys.svelte";
import { acts, heldBecause } from "../keys/acts.svelte";
import { tone, type Tone } from "../keys/status";
import { connect } from "../accounts/connect.svelte";
import { copy } from "../copy";

export interface Entry {
  id: string;
  label: string;
  sub: string;
  /** What the needle is looked for in. */
  text: string;
  tone: Tone | null;
  keys?: string;
  held: string | null;
  run: () => void;
}

export function entries(): Entry[] {
  const act = (id: string, label: string, run: () => void, shortcut?: string): Entry => ({
    id, label, sub: "", text: label, tone: null, held: null, run, ...(shortcut ? { keys: shortcut } : {}),
  });
  const places: [Place, string][] = [["keys", "G K"], ["rotations", "G R"], ["accounts", "G A"], ["activity", "G L"], ["policies", "G P"]];
  const current = keys.current;
  const where = (key: { providerName: string; orgName: string; environmentName: string }) => `${key.providerName} · ${key.orgName} › ${key.environmentName}`;
  return [
    ...(current
      ? [
          { ...act("rotate", copy.palette.rotate(current.name), () => acts.rotate(current), "R"), sub: where(current), held: current.rotationId ? null : heldBecause(current.acts.rotate) },
          { ...act("copy", copy.palette.copy(current.name), () => void acts.copy(current), "Mod C"), sub: where(current), held: heldBecause(current.acts.copy) },
          { ...act("verify", copy.palette.verify(current.name), () => void acts.verify(current), "V"), sub: where(current), held: heldBecause(current.acts.verify) },
        ]
      : []),
    act("connect", copy.accounts.connect, () => void connect.open("connect")),
    act("new", copy.keys.newKey, () => (keys.creating = true), "N"),
    act("refresh", copy.keys.refresh, () => void home.refresh(null)),
    ...places.map(([place, shortcut]) => act(`go-${place}`, copy.palette.go(copy.places[place]), () => home.go(place), shortcut)),
    ...home.keys.map((key): Entry => ({
      id: `key-${key.id}`,
      label: key.name,
      sub: where(key),
      text: `${key.name} ${key.providerName} ${key.orgName} ${key.environmentName}`,
      tone: tone(key.status),
      held: null,
      run: () => {
        home.go("keys");
        keys.clear();
        if (home.scope && home.scope.orgId !== key.orgId) home.setScope(null);
        keys.show(key.id, "focus");
      },
    })),
  ];
}
