/** What Rust tells the window unasked: one event for all, as each listener costs the start a call. */
import { listen, type UnlistenFn } from "@tauri-apps/api/event";
import type { ClipboardView, ErrorView, KeychainView, ListedView, LockView, RotationView, SettingsView, StoppedView, WantedView } from "./types";

export interface Listeners {
  rotationChanged: (rotation: RotationView) => void;
  rotationStopped: (stopped: StoppedView) => void;
  inventoryChanged: () => void;
  /** Lists were read, and nothing is new but the time. */
  listsRead: (listed: readonly ListedView[]) => void;
  clipboardChanged: (clipboard: ClipboardView | null) => void;
  keychainChanged: (keychain: KeychainView) => void;
  /** Why the window does not close, or null where it may by now. */
  exitHeld: (reason: ErrorView | null) => void;
  settingsChanged: (settings: SettingsView) => void;
  /** Something moved behind the lock, or another window unlocked it. */
  lockChanged: (lock: LockView | null) => void;
  /** A notification was pressed, or quick access asks for a key. */
  wanted: (wanted: WantedView) => void;
  /** Quick access is before the person, or no more. */
  quickChanged: (shown: boolean) => void;
}

type Told =
  | { event: "rotation_changed"; payload: RotationView }
  | { event: "rotation_stopped"; payload: StoppedView }
  | { event: "inventory_changed"; payload: null }
  | { event: "lists_read"; payload: ListedView[] }
  | { event: "clipboard_changed"; payload: ClipboardView | null }
  | { event: "keychain_changed"; payload: KeychainView }
  | { event: "exit_held"; payload: ErrorView | null }
  | { event: "settings_changed"; payload: SettingsView }
  | { event: "lock_changed"; payload: LockView | null }
  | { event: "wanted"; payload: WantedView }
  | { event: "quick_changed"; payload: boolean };

/** Listens; the returned function stops. */
export function subscribe(on: Listeners): Promise<UnlistenFn> {
  return listen<Told>("told", ({ payload: told }) => {
    switch (told.event) {
      case "rotation_changed": return on.rotationChanged(told.payload);
      case "rotation_stopped": return on.rotationStopped(told.payload);
      case "inventory_changed": return on.inventoryChanged();
      case "lists_read": return on.listsRead(told.payload);
      case "clipboard_changed": return on.clipboardChanged(told.payload);
      case "keychain_changed": return on.keychainChanged(told.payload);
      case "exit_held": return on.exitHeld(told.payload);
      case "settings_changed": return on.settingsChanged(told.payload);
      case "lock_changed": return on.lockChanged(told.payload);
      case "wanted": return on.wanted(told.payload);
      case "quick_changed": return on.quickChanged(told.payload);
    }
  });
}
