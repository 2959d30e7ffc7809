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

export async function showDataFolder(): Promise<void> {
  try {
    await client.showDataFolder();
  } catch (rejection) {
    home.notify(advice(asErrorView(rejection)));
  }
}
