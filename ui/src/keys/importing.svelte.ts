/** The import sheet: a key that exists already, by its pasted value. The value is a handle here. */
import { copy } from "../copy";
import * as client from "../ipc/client";
import { advice, asErrorView, sentence } from "../ipc/errors";
import type { AccountView, ErrorView, PastedView, ProviderView } from "../ipc/types";
import { home } from "../frame/home.svelte";
import { AboutDraft, proposedName } from "./about.svelte";
import { keys } from "./keys.svelte";

const FIELDS: readonly string[] = ["account", "environment", "key", "name", "created", "owner", "use", "preset"];

class Importing {
  open = $state(false);
  /** It ended with a key, which has the focus then. */
  done = $state(false);
  busy = $state(false);
  taking = $state(false);
  error = $state.raw<ErrorView | null>(null);
  pasted = $state.raw<PastedView | null>(null);
  created = $state("");
  about = new AboutDraft();
  #account = $state("");
  #environment = $state("");
  /** Null: as proposed. */
  #name = $state<string | null>(null);

  readonly accounts: AccountView[] = $derived(home.inventory?.accounts ?? []);
  readonly account: AccountView | null = $derived(
    this.accounts.find((it) => it.id === this.#account) ?? this.accounts.find((it) => it.orgId === home.scope?.orgId) ?? this.accounts[0] ?? null,
  );
  readonly provider: ProviderView | null = $derived(home.providers?.find((it) => it.id === this.account?.providerId) ?? null);
  readonly environmentId: string = $derived(this.#environment || home.scope?.environmentId || home.inventory?.environments[0]?.id || "");
  readonly proposed: string | null = $derived(proposedName(this.provider?.keyName ?? null, home.environments.get(this.environmentId)?.name ?? "", this.about.usedFor));
  readonly isProposed: boolean = $derived(this.#name === null && this.proposed !== null);
  /** The code of a refusal that a person may overrule, once they have looked. */
  readonly asks: string | null = $derived(this.error && this.error.code in copy.importKey.asks ? this.error.code : null);
  readonly loose: ErrorView | null = $derived(this.error && this.asks === null && !FIELDS.includes(this.error.field ?? "") ? this.error : null);

  get name(): string {
    return this.#name ?? this.proposed ?? "";
  }
  set name(name: string) {
    this.#name = name === "" && this.proposed === null ? null : name;
  }

  errorOf = (field: string): ErrorView | null => (this.asks === null && this.error?.field === field ? this.error : null);

  start(accountId = ""): void {
    this.#account = accountId;
    this.#environment = "";
    this.#name = null;
    this.created = "";
    this.about.fill(null);
    this.error = null;
    this.done = false;
    this.open = true;
    void home.loadProviders().catch((rejection: unknown) => (this.error = asErrorView(rejection)));
  }

  chooseAccount(id: string): void {
    this.#account = id;
    this.error = null;
    this.about.preset = "";
    this.about.permissions = [];
  }
  chooseEnvironment(id: string): void {
    this.#environment = id;
  }

  async take(): Promise<void> {
    if (this.taking || !this.account) return;
    this.taking = true;
    this.error = null;
    try {
      const pasted = await client.takeFromClipboard(this.account.providerId, "key");
      this.forget();
      if (this.open) this.pasted = pasted;
      else void client.forgetPasted(pasted.handle).catch(() => undefined);
    } catch (rejection) {
      this.error = { ...asErrorView(rejection), field: "key" };
    } finally {
      this.taking = false;
    }
  }

  forget(): void {
    const old = this.pasted;
    this.pasted = null;
    if (this.asks) this.error = null;
    if (old) void client.forgetPasted(old.handle).catch(() => undefined);
  }

  async submit(): Promise<void> {
    if (this.busy || !this.account || !this.pasted) return;
    const anyway = this.asks !== null;
    this.busy = true;
    this.error = null;
    try {
      const key = await client.importKey({
        accountId: this.account.id, environmentId: this.environmentId, name: this.name.trim(), pasted: this.pasted.handle,
        created: this.created.trim() || null, about: this.about.request(this.provider), anyway,
      });
      this.pasted = null;
      await home.refetch();
      this.done = true;
      this.open = false;
      home.go("keys");
      keys.show(key.id, "focus");
    } catch (rejection) {
      this.error = asErrorView(rejection);
      // A value that is gone after its ten minutes is taken once more.
      if (this.error.code === "input.paste_expired") this.pasted = null;
      home.alarm(this.asks ? sentence(this.error) : advice(this.error));
    } finally {
      this.busy = false;
    }
  }

  close(): void {
    this.forget();
    this.open = false;
    this.error = null;
  }
}

export const importing = new Importing();
