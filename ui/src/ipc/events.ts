/** What Rust tells the window unasked. */
import { listen, type UnlistenFn } from "@tauri-apps/api/event";
import type { ClipboardView, ErrorView, KeychainView, LockView, NoticePlaceView, RotationView, SettingsView, StoppedView } from "./types";

export interface Listeners {
  rotationChanged: (rotation: RotationView) => void;
  rotationStopped: (stopped: StoppedView) => void;
  inventoryChanged: () => void;
  clipboardChanged: (clipboard: ClipboardView | null) => void;
  keychainChanged: (keychain: KeychainView) => void;
  /** Why the window does not close, or null where it may by now. */
  exitHeld: (reason: ErrorView | null) => void;
  settingsChanged: (settings: SettingsView) => void;
  /** Something moved behind the lock. */
  lockChanged: (lock: LockView) => void;
  /** A notification was pressed. */
  placeWanted: (place: NoticePlaceView) => void;
}

/** Listens to all events; the returned function stops. */
export async function subscribe(on: Listeners): Promise<() => void> {
  const stops: UnlistenFn[] = await Promise.all([
    listen<RotationView>("rotation_changed", (event) => on.rotationChanged(event.payload)),
    listen<StoppedView>("rotation_stopped", (event) => on.rotationStopped(event.payload)),
    listen<null>("inventory_changed", () => on.inventoryChanged()),
    listen<ClipboardView | null>("clipboard_changed", (event) => on.clipboardChanged(event.payload)),
    listen<KeychainView>("keychain_changed", (event) => on.keychainChanged(event.payload)),
    listen<ErrorView | null>("exit_held", (event) => on.exitHeld(event.payload)),
    listen<SettingsView>("settings_changed", (event) => on.settingsChanged(event.payload)),
    listen<LockView>("lock_changed", (event) => on.lockChanged(event.payload)),
    listen<NoticePlaceView>("place_wanted", (event) => on.placeWanted(event.payload)),
  ]);
  return () => stops.forEach((stop) => stop());
}
