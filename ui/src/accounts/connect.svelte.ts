/** The connect sheet: provider, access, found keys; also for sign-up and for a new credential. Secrets are handles here, never values. */
import * as client from "../ipc/client";
import { asErrorView } from "../ipc/errors";
import type {
  AccountView, ConnectRequest, ConnectView, EnvironmentView, ErrorView, FieldView, KeyView, OrgChoice, PastedView, ProviderView, SchemeView,
} from "../ipc/types";
import { home } from "../frame/home.svelte";
import { rotations } from "../rotations/rotations.svelte";

export type Mode = "connect" | "signup" | "replace";
export type Step = "provider" | "access" | "found";
export const NEW_ORG = "new";

/** Refusals of a credential or an account that a person may overrule, once they have looked. */
const ASKS: readonly string[] = ["credential.other_keys", "credential.only_ids", "credential.mint_unknown", "account.connected_already"];

class Connect {
  mode = $state<Mode>("connect");
  step = $state<Step | null>(null);
  search = $state("");
  providerId = $state("");
  account = $state.raw<AccountView | null>(null);
  org = $state("");
  orgName = $state("");
  label = $state("");
  environmentId = $state("");
  keyName = $state("");
  schemeId = $state("");
  baseUrl = $state("");
  fields = $state<Record<string, string>>({});
  pasted = $state.raw<Readonly<Record<string, PastedView>>>({});
  taking = $state<string | null>(null);
  busy = $state(false);
  error = $state.raw<ErrorView | null>(null);
  result = $state.raw<ConnectView | null>(null);

  readonly offered = $derived(
    (home.providers ?? []).filter(
      (it) => (this.mode !== "signup" || it.signupFields !== null) && it.name.toLowerCase().includes(this.search.trim().toLowerCase()),
    ),
  );
  readonly provider: ProviderView | null = $derived(home.providers?.find((it) => it.id === this.providerId) ?? null);
  readonly scheme: SchemeView | null = $derived(this.provider?.schemes.find((it) => it.id === this.schemeId) ?? this.provider?.schemes[0] ?? null);
  /** What is asked, in order; a sign-up knows no account facts yet. */
  readonly asked: FieldView[] = $derived([
    // The first key's name is asked above, where its environment is.
    ...(this.mode === "signup" ? (this.provider?.signupFields ?? []).filter((it) => it.name !== "key_name") : (this.provider?.accountFields ?? [])),
    ...(this.scheme?.fields ?? []),
  ]);
  readonly found: KeyView[] = $derived((this.result?.foundKeyIds ?? []).map((id) => home.keyById.get(id)).filter((it) => it !== undefined));
  readonly environments: EnvironmentView[] = $derived(home.inventory?.environments ?? []);

  async open(mode: Mode, account: AccountView | null = null): Promise<void> {
    this.#reset();
    this.mode = mode;
    this.account = account;
    this.step = account ? "access" : "provider";
    this.org = home.scope?.orgId ?? home.inventory?.orgs[0]?.id ?? NEW_ORG;
    this.environmentId = this.environments[0]?.id ?? "";
    try {
      await home.loadProviders();
    } catch (rejection) {
      this.error = asErrorView(rejection);
    }
    if (account) this.#from(account);
    else this.providerId = this.offered[0]?.id ?? "";
  }

  #from(account: AccountView): void {
    this.providerId = account.providerId;
    this.schemeId = account.scheme;
    this.org = account.orgId;
    this.label = account.label;
    this.baseUrl = account.baseUrl ?? "";
    this.fields = { ...account.fields };
  }

  #reset(): void {
    this.search = "";
    this.providerId = "";
    this.schemeId = "";
    this.orgName = "";
    this.label = "";
    this.keyName = "";
    this.baseUrl = "";
    this.fields = {};
    this.pasted = {};
    this.error = null;
    this.result = null;
    this.busy = false;
  }

  next(): void {
    if (!this.provider) return;
    this.error = null;
    this.step = "access";
  }

  back(): void {
    this.error = null;
    this.#forgetAll();
    this.step = "provider";
  }

  setMode(mode: Mode): void {
    this.mode = mode;
    this.error = null;
    if (!this.offered.some((it) => it.id === this.providerId)) this.providerId = this.offered[0]?.id ?? "";
  }

  /** The list of the new credential does not show the keys that are known: the person is asked before it is taken all the same. */
  readonly asks: boolean = $derived(ASKS.includes(this.error?.code ?? ""));
  /** A refusal belongs to one field; Rust may name it with or without its group. */
  errorOf = (field: string): ErrorView | null => (this.error?.field?.split(".").at(-1) === field ? this.error : null);
  readonly known = $derived(["org", "name", "label", "environment", "environment_id", "base_url", "scheme", ...(this.mode === "signup" ? ["key_name", "key"] : []), ...this.asked.map((it) => it.name)]);
  readonly loose: ErrorView | null = $derived(this.error && !this.known.includes(this.error.field?.split(".").at(-1) ?? "") ? this.error : null);

  async take(field: string): Promise<void> {
    if (!this.provider || this.taking) return;
    this.taking = field;
    this.error = null;
    try {
      const pasted = await client.takeFromClipboard(this.provider.id, field);
      this.forget(field);
      this.pasted = { ...this.pasted, [field]: pasted };
    } catch (rejection) {
      this.error = { ...asErrorView(rejection), field };
    } finally {
      this.taking = null;
    }
  }

  forget(field: string): void {
    const old = this.pasted[field];
    if (!old) return;
    this.pasted = Object.fromEntries(Object.entries(this.pasted).filter(([name]) => name !== field));
    void client.forgetPasted(old.handle).catch(() => undefined);
  }

  #forgetAll(): void {
    for (const field of Object.keys(this.pasted)) this.forget(field);
  }

  #request(): ConnectRequest {
    const org: OrgChoice = this.org === NEW_ORG ? { kind: "new", name: this.orgName.trim() } : { kind: "existing", id: this.org };
    const names = new Set(this.asked.map((it) => it.name));
    return {
      org,
      providerId: this.providerId,
      label: this.label.trim(),
      scheme: this.scheme?.id ?? "",
      fields: Object.fromEntries(Object.entries(this.fields).filter(([name, value]) => names.has(name) && value.trim() !== "").map(([name, value]) => [name, value.trim()])),
      pasted: Object.fromEntries(Object.entries(this.pasted).filter(([name]) => names.has(name)).map(([name, pasted]) => [name, pasted.handle])),
      baseUrl: this.baseUrl.trim() || null,
      environmentId: this.environmentId,
      anyway: false,
    };
  }

  async submit(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const request = { ...this.#request(), anyway: this.asks };
    this.error = null;
    try {
      if (this.mode === "signup") {
        const { anyway: _, ...form } = request;
        await rotations.signUp({ ...form, keyName: this.keyName.trim() });
        this.pasted = {};
        this.step = null;
        await home.refetch();
        return;
      }
      const result = this.account ? await client.replaceCredential(this.account.id, request) : await client.connectAccount(request);
      this.pasted = {};
      await home.refetch();
      this.result = result;
      this.step = "found";
    } catch (rejection) {
      this.error = asErrorView(rejection);
      home.alarm(`${this.error.message}. ${this.error.remedy}`);
    } finally {
      this.busy = false;
    }
  }

  async renameFound(key: KeyView, name: string): Promise<void> {
    if (name.trim() === "" || name.trim() === key.name) return;
    await this.#edit(() => client.renameKey(key.id, name.trim()));
  }
  async moveFound(keys: readonly KeyView[], environmentId: string): Promise<void> {
    const ids = keys.filter((key) => key.environmentId !== environmentId).map((key) => key.id);
    if (ids.length > 0) await this.#edit(() => client.moveKeys(ids, environmentId));
  }
  async #edit(send: () => Promise<unknown>): Promise<void> {
    this.error = null;
    try {
      await send();
    } catch (rejection) {
      this.error = asErrorView(rejection);
    } finally {
      await home.refetch();
    }
  }

  close(): void {
    this.#forgetAll();
    this.step = null;
    this.error = null;
    // A connected account ends the first run, and its keys are what one wants to see.
    if (this.result) {
      home.go("keys");
      void home.reload();
    }
  }
}

export const connect = new Connect();
