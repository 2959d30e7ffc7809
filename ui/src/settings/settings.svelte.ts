/** A change of settings: in force at once, and said beside its control where it is refused. */
import * as client from "../ipc/client";
import { advice, asErrorView } from "../ipc/errors";
import type { ErrorView, SettingsView } from "../ipc/types";
import { home } from "../frame/home.svelte";

class Change {
  error = $state.raw<{ of: keyof SettingsView; error: ErrorView } | null>(null);

  errorOf = (name: keyof SettingsView) => (this.error?.of === name ? this.error.error : null);

  async set<Name extends keyof SettingsView>(name: Name, value: SettingsView[Name]): Promise<void> {
    const settings = home.app?.settings;
    if (!settings) return;
    this.error = null;
    try {
      home.settle(await client.setSettings({ ...settings, [name]: value }));
    } catch (rejection) {
      this.error = { of: name, error: asErrorView(rejection) };
      home.alarm(advice(this.error.error));
    }
  }
}
export const change = new Change();

/** What is offered, in percent. */
export const ZOOMS = [75, 90, 100, 110, 125, 150, 175, 200] as const;

/** The next larger or smaller one, or the usual one; at the end of them nothing happens. */
export function zoom(to: "larger" | "smaller" | "usual"): void {
  const now = home.app?.settings.zoomPercent ?? 100;
  const found = { usual: 100, larger: ZOOMS.find((it) => it > now), smaller: ZOOMS.findLast((it) => it < now) }[to];
  if (found !== undefined && found !== now && !home.app?.lock) void change.set("zoomPercent", found);
}

export const showDataFolder = () => tried(client.showDataFolder);
export const openQuick = () => tried(client.openQuick);

async function tried(act: () => Promise<null>): Promise<void> {
  try {
    await act();
  } catch (rejection) {
    home.notify(advice(asErrorView(rejection)));
  }
}
