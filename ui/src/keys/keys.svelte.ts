/** The list of keys: filter, groups, order, cursor and the open drawer. */
import { SvelteSet } from "svelte/reactivity";
import type { KeyView } from "../ipc/types";
import { home } from "../frame/home.svelte";
import { load, save } from "../frame/memory";
import { isEmpty, matches, parse, print, type Query, type Token } from "./filter";
import { counts, rows, sorted, type GroupBy, type Row, type Sort, type SortBy } from "./group";
import type { Scope } from "./scopes";
import type { Facet } from "./status";

class Keys {
  /** What is being typed, and the tokens that were completed before it. */
  text = $state("");
  chips = $state.raw<readonly Token[]>([]);
  groupBy = $state<GroupBy>(load<GroupBy>("group", "org"));
  sort = $state.raw<Sort>({ by: "urgency", descending: false });
  folded = new SvelteSet<string>();
  cursor = $state<string | null>(null);
  openId = $state<string | null>(null);
  /** Asks the drawer to take the focus, or to edit the name, once it is there. */
  wants = $state<"focus" | "name" | null>(null);
  creating = $state(false);

  readonly query: Query = $derived.by(() => {
    const typed = parse(this.text);
    return { words: typed.words, tokens: [...this.chips, ...typed.tokens] };
  });
  readonly filtering = $derived(!isEmpty(this.query));
  readonly #withoutStatus = $derived.by(() => {
    const query = { words: this.query.words, tokens: this.query.tokens.filter((token) => token.field !== "status") };
    return isEmpty(query) ? home.scoped : home.scoped.filter((key) => matches(key, query));
  });
  readonly counts = $derived(counts(this.#withoutStatus));
  readonly total = $derived(this.#withoutStatus.length);
  readonly facet: Facet | null = $derived.by(() => {
    const statuses = this.query.tokens.filter((token) => token.field === "status");
    return statuses.length === 1 ? (statuses[0]!.value as Facet) : null;
  });
  readonly matched = $derived.by(() => {
    const status = this.query.tokens.filter((token) => token.field === "status");
    if (status.length === 0) return this.#withoutStatus;
    const query = { words: [], tokens: status };
    return this.#withoutStatus.filter((key) => matches(key, query));
  });
  readonly #groupOrder = $derived(
    this.groupBy === "org" ? (home.inventory?.orgs.map((org) => org.id) ?? []) : (home.inventory?.environments.map((it) => it.id) ?? []),
  );
  readonly rows: Row[] = $derived(rows(sorted(this.matched, this.sort), this.groupBy, this.#groupOrder, this.folded));
  readonly cursorAt = $derived(this.cursor === null ? -1 : this.rows.findIndex((row) => row.id === this.cursor));
  readonly current: KeyView | null = $derived(this.cursor === null ? null : (home.keyById.get(this.cursor) ?? null));
  readonly open: KeyView | null = $derived(this.openId === null ? null : (home.keyById.get(this.openId) ?? null));

  moveTo(at: number): void {
    const row = this.rows[Math.min(Math.max(at, 0), this.rows.length - 1)];
    if (!row) return;
    this.cursor = row.id;
    if (this.openId !== null && row.kind === "key") this.openId = row.id;
  }

  /** From an open drawer: to the next key, skipping group headers. */
  step(by: 1 | -1): void {
    let at = this.cursorAt + by;
    while (this.rows[at]?.kind === "group") at += by;
    if (this.rows[at]) this.moveTo(at);
  }

  show(id: string, wants: "focus" | "name" | null = null): void {
    this.cursor = id;
    this.openId = id;
    this.wants = wants;
  }

  close(): void {
    this.openId = null;
    this.wants = null;
  }

  setText(text: string): void {
    // A blank after a token completes it.
    const done = /^(.*?)\s$/s.exec(text);
    const typed = done ? parse(done[1]!) : null;
    if (typed && typed.tokens.length > 0 && (text.match(/"/g) ?? []).length % 2 === 0) {
      const known = new Set(this.chips.map(print));
      this.chips = [...this.chips, ...typed.tokens.filter((token) => !known.has(print(token)))];
      this.text = typed.words.join(" ");
    } else this.text = text;
  }

  /** Backspace in an empty field gives the last token back as text. */
  takeBack(): void {
    const last = this.chips.at(-1);
    if (!last) return;
    this.chips = this.chips.slice(0, -1);
    this.text = print(last);
  }

  removeChip(at: number): void {
    this.chips = this.chips.filter((_, index) => index !== at);
  }

  toggleFacet(facet: Facet | null): void {
    const rest = this.query.tokens.filter((token) => token.field !== "status");
    const next: Token[] = facet === null || this.facet === facet ? [] : [{ field: "status", value: facet }];
    this.text = this.query.words.join(" ");
    this.chips = [...rest, ...next];
  }

  /** Shows what a mark of a picture stands for: this filter, everywhere or in one scope. */
  filterBy(chips: readonly Token[], scope: Scope | null = null): void {
    this.text = "";
    this.chips = chips;
    this.close();
    home.setScope(scope);
    home.go("keys");
  }

  clear(): void {
    this.text = "";
    this.chips = [];
  }

  setGroup(by: GroupBy): void {
    this.groupBy = by;
    save("group", by);
  }

  sortBy(by: SortBy): void {
    this.sort = { by, descending: this.sort.by === by ? !this.sort.descending : false };
  }

  fold(id: string): void {
    if (!this.folded.delete(id)) this.folded.add(id);
  }
}

export const keys = new Keys();
