/** Shortcuts of the whole window. Single letters work only while the list or the drawer has the focus. */
import { tinykeys } from "tinykeys";
import { home, type Place } from "./home.svelte";
import { keys } from "../keys/keys.svelte";
import { silenced } from "./letters";
import { zoom } from "../settings/settings.svelte";
import { lock } from "./lock.svelte";

class Layers {
  shortcuts = $state(false);
  palette = $state(false);
}
export const layers = new Layers();

const PLACES: Record<string, Place> = { o: "overview", k: "keys", r: "rotations", a: "accounts", l: "activity", p: "policies" };

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** Single letters need the list, the drawer, or no focus at all. */
function onKeys(target: EventTarget | null): boolean {
  return target === document.body || (target instanceof HTMLElement && !typing(target) && target.closest('[role="grid"], aside') !== null);
}

/** Something lies over the window, or it is locked. */
function modal(): boolean {
  return home.app?.lock != null || layers.palette || document.querySelector(".sheet, .menu") !== null;
}

function focusFilter(event: KeyboardEvent): void {
  const field = document.querySelector<HTMLInputElement>('[data-filter="true"]');
  if (!field || modal()) return;
  event.preventDefault();
  field.focus();
  field.select();
}

/** F6 goes round sidebar, list and drawer; Shift+F6 the other way. */
function cycle(event: KeyboardEvent): void {
  if (modal()) return;
  event.preventDefault();
  const regions = [...document.querySelectorAll<HTMLElement>("[data-region]")].filter((region) => region.offsetParent !== null);
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[(at + (event.shiftKey ? -1 : 1) + regions.length) % regions.length];
  const target = next?.querySelector<HTMLElement>("[data-region-start]") ?? next?.querySelector<HTMLElement>("button, [tabindex='0'], input");
  target?.focus();
}

export function listen(): () => void {
  const go = Object.fromEntries(
    Object.entries(PLACES).map(([letter, place]) => [
      `g ${letter}`,
      (event: KeyboardEvent) => {
        if (typing(event.target) || modal() || silenced(event)) return;
        event.preventDefault();
        home.go(place);
      },
    ]),
  );
  const zooming = (to: "larger" | "smaller" | "usual") => (event: KeyboardEvent) => {
    event.preventDefault();
    zoom(to);
  };
  // The same key has another name with Shift, and on the number pad.
  const zooms = {
    "$mod+=": zooming("larger"), "$mod++": zooming("larger"), "$mod+Shift++": zooming("larger"),
    "$mod+-": zooming("smaller"), "$mod+0": zooming("usual"),
  };
  return tinykeys(window, {
    ...go,
    "/": (event) => {
      if (!typing(event.target) && !silenced(event)) focusFilter(event);
    },
    "$mod+f": focusFilter,
    "$mod+k": (event) => {
      event.preventDefault();
      if (!modal() || layers.palette) layers.palette = !layers.palette;
    },
    "Shift+?": (event) => {
      if (typing(event.target) || modal() || silenced(event)) return;
      event.preventDefault();
      layers.shortcuts = true;
    },
    "$mod+,": (event) => {
      if (modal()) return;
      event.preventDefault();
      home.go("settings");
    },
    "$mod+l": (event) => {
      event.preventDefault();
      void lock();
    },
    n: (event) => {
      if (silenced(event) || !onKeys(event.target) || modal() || home.place !== "keys" || home.inventory === null || home.inventory.accounts.length === 0) return;
      event.preventDefault();
      keys.creating = true;
    },
    ...zooms,
    F6: cycle,
    "Shift+F6": cycle,
  });
}
