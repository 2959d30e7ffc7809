/**
 * What every screen shares: the application, the inventory, the clock, the place on screen, and one
 * polite line for screen readers. It reads and refreshes; acts live with their features.
 */
import * as client from "../ipc/client";
import { subscribe } from "../ipc/events";
import { asErrorView } from "../ipc/errors";
import type { AccountView, AppView, ClipboardView, EnvironmentView, ErrorView, InventoryView, KeyView, ListedView, ProviderView, SettingsView, WantedView } from "../ipc/types";
import { inScope, type Scope } from "../keys/scopes";
import { load, save } from "./memory";
import { LOCKED } from "../ipc/errors";
import { show } from "./theme.svelte";
import { rotations } from "../rotations/rotations.svelte";

export type Place = "overview" | "keys" | "rotations" | "accounts" | "activity" | "policies" | "settings";

const NO_KEYS: KeyView[] = [];
const MINUTE = 60_000;
/** Between two readings of an inventory that nothing changes but time. */
const JUDGED = 60 * MINUTE;

class Home {
  app = $state.raw<AppView | null>(null);
  inventory = $state.raw<InventoryView | null>(null);
  failure = $state.raw<ErrorView | null>(null);
  providers = $state.raw<ProviderView[] | null>(null);
  place = $state<Place>("overview");
  scope = $state.raw<Scope | null>(load<Scope | null>("scope", null));
  exitHeld = $state.raw<ErrorView | null>(null);
  polite = $state("");
  assertive = $state("");
  snack = $state.raw<{ text: string; id: number } | null>(null);
  /** Keywheel's clock in milliseconds, ticking; the demo's in a demo. */
  now = $state(Date.now());
  /** When the clipboard is cleared, on the machine's clock. */
  clipboardEnds = $state<number | null>(null);
  refreshing = $state<ReadonlySet<string>>(new Set());
  /** The key that quick access asked this window for. */
  wanted = $state.raw<Extract<WantedView, { kind: "key" }> | null>(null);
  /** Nobody sees this page: what changes meanwhile is read when it is shown. */
  asleep = false;

  readonly keys = $derived(this.inventory?.keys ?? NO_KEYS);
  readonly keyById = $derived(new Map(this.keys.map((key) => [key.id, key])));
  readonly environments = $derived(new Map((this.inventory?.environments ?? []).map((it): [string, EnvironmentView] => [it.id, it])));
  readonly accounts = $derived(new Map((this.inventory?.accounts ?? []).map((it): [string, AccountView] => [it.id, it])));
  readonly scoped = $derived(this.scope === null ? this.keys : this.keys.filter((key) => inScope(key, this.scope)));

  #offset = 0;
  #judgedAt = Date.now();
  #fetching = false;
  #again = false;

  /** `onQuick` is for the page of quick access: it is before the person, or no more. */
  async start(onQuick: (shown: boolean) => void = () => {}): Promise<() => void> {
    const stop = await subscribe({
      rotationChanged: (rotation) => rotations.heard(rotation),
      rotationStopped: (stopped) => rotations.broke(stopped),
      inventoryChanged: () => {
        if (!this.asleep) void this.refetch();
      },
      listsRead: (listed) => this.#listed(listed),
      clipboardChanged: (clipboard) => this.#clipboard(clipboard),
      keychainChanged: (keychain) => {
        if (this.app) this.app = { ...this.app, keychain };
      },
      exitHeld: (reason) => (this.exitHeld = reason),
      settingsChanged: (settings) => this.settle(settings),
      lockChanged: (lock) => {
        if (!this.app?.lock) return;
        if (lock) this.app = { ...this.app, lock };
        else void this.reload();
      },
      wanted: (wanted) => this.#want(wanted),
      quickChanged: onQuick,
    });
    await this.reload();
    const timer = setInterval(() => this.#tick(), MINUTE);
    return () => {
      clearInterval(timer);
      stop();
    };
  }

  /** Ages are shown to the minute. What is judged by its age is judged anew now and then: nothing else may have changed. */
  #tick(): void {
    this.now = Date.now() + this.#offset;
    const shown = this.inventory !== null && !this.asleep && !this.app?.lock;
    if (shown && Date.now() - this.#judgedAt > JUDGED) void this.refetch();
  }

  #want(wanted: WantedView): void {
    if (wanted.kind === "place") this.go(wanted.place);
    else this.wanted = wanted;
  }

  #listed(listed: readonly ListedView[]): void {
    if (!this.inventory) return;
    const syncs = new Map(listed.map((it) => [it.accountId, it.sync]));
    const accounts = this.inventory.accounts.map((account) => ({ ...account, sync: syncs.get(account.id) ?? account.sync }));
    this.inventory = { ...this.inventory, accounts };
  }

  /** Reads everything anew: at the start, and after a failure. */
  async reload(): Promise<void> {
    this.failure = null;
    performance.mark("asked");
    try {
      const [app] = await Promise.all([client.appState(), this.#unlessLocked()]);
      performance.mark("answered");
      this.app = app;
      if (app.wanted) this.#want(app.wanted);
      this.settle(app.settings);
      this.#clipboard(app.clipboard);
    } catch (error) {
      this.failure = asErrorView(error);
    }
  }

  /** Opens what could not be opened, then reads it. */
  async openAgain(): Promise<void> {
    try {
      await client.openAgain();
      await this.reload();
    } catch (error) {
      this.failure = asErrorView(error);
    }
  }

  /** Many changes in a row lead to one more reading, not to many. */
  async refetch(): Promise<void> {
    if (this.#fetching) {
      this.#again = true;
      return;
    }
    this.#fetching = true;
    try {
      do {
        this.#again = false;
        await this.#fetch();
        if (this.app?.firstRun) this.app = await client.appState();
      } while (this.#again);
    } catch (error) {
      this.failure = asErrorView(error);
    } finally {
      this.#fetching = false;
    }
  }

  /** A locked window has no inventory; it says so by itself. */
  async #unlessLocked(): Promise<void> {
    try {
      await this.#fetch();
    } catch (error) {
      if (asErrorView(error).code !== LOCKED) throw error;
    }
  }

  async #fetch(): Promise<void> {
    const mark = rotations.mark();
    this.take(await client.inventory(), mark);
  }

  take(inventory: InventoryView, mark = rotations.mark()): void {
    this.#judgedAt = Date.now();
    this.#offset = Date.parse(inventory.now) - this.#judgedAt;
    this.now = Date.parse(inventory.now);
    this.inventory = inventory;
    rotations.read(inventory.rotations, mark);
    if (this.scope && !inventory.orgs.some((org) => org.id === this.scope?.orgId)) this.setScope(null);
  }

  async loadProviders(): Promise<ProviderView[]> {
    this.providers ??= await client.listProviders();
    return this.providers;
  }

  /** Reads the lists of one account, or of all. */
  async refresh(accountId: string | null): Promise<void> {
    const ids = accountId ? [accountId] : [...this.accounts.keys()];
    this.refreshing = new Set([...this.refreshing, ...ids]);
    try {
      this.take(await client.refreshAccounts(accountId));
    } catch (error) {
      const { message, remedy } = asErrorView(error);
      this.notify(`${message}. ${remedy}`);
    } finally {
      this.refreshing = new Set([...this.refreshing].filter((id) => !ids.includes(id)));
    }
  }

  /** Lets what was chosen take effect. */
  settle(settings: SettingsView): void {
    if (this.app) this.app = { ...this.app, settings };
    show(settings.theme, settings.density);
  }

  go(place: Place): void {
    this.place = place;
  }

  setScope(scope: Scope | null): void {
    this.scope = scope;
    save("scope", scope);
  }

  announce(text: string): void {
    this.polite = this.polite === text ? `${text}\u00A0` : text;
  }

  alarm(text: string): void {
    this.assertive = this.assertive === text ? `${text}\u00A0` : text;
  }

  /** One line for a result that the screen would not show otherwise. */
  notify(text: string): void {
    const id = (this.snack?.id ?? 0) + 1;
    this.snack = { text, id };
    this.announce(text);
    setTimeout(() => {
      if (this.snack?.id === id) this.snack = null;
    }, 5000);
  }

  #clipboard(clipboard: ClipboardView | null): void {
    if (this.app) this.app = { ...this.app, clipboard };
    this.clipboardEnds = clipboard ? Date.now() + clipboard.clearsInSeconds * 1000 : null;
  }
}

export const home = new Home();
