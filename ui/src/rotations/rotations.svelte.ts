/** The rotations this window knows of, the sheet that shows one, and the acts on it. Only Rust decides what may be done. */
import * as client from "../ipc/client";
import { advice, asErrorView } from "../ipc/errors";
import type { ClaimView, ErrorView, KeyView, NewKeyRequest, PlanView, RotationView, SignupRequest, StoppedView } from "../ipc/types";
import { home } from "../frame/home.svelte";
import { copy } from "../copy";

export type Sheet =
  | { kind: "closed" }
  | { kind: "plan"; key: KeyView; /** After a leak: the old key goes first. */ revokeFirst: boolean; plan: PlanView | null; error: ErrorView | null }
  | { kind: "run"; id: string };

export type Act = "start" | "resume" | "check" | "replaced" | "revokeOldNow" | "revokeAnyway" | "undo" | "settle" | "copyNew" | "answer" | "takeValue" | "pasteAgain" | "deleted" | "openPage";

class Rotations {
  all = $state.raw<Readonly<Record<string, RotationView>>>({});
  sheet = $state.raw<Sheet>({ kind: "closed" });
  error = $state.raw<ErrorView | null>(null);
  /** Rotations that stood still when the window opened: the banner offers to go on. */
  stopped = $state.raw<readonly string[]>([]);

  readonly list = $derived(Object.values(this.all).sort((a, b) => b.openedAt.localeCompare(a.openedAt)));
  readonly open = $derived(this.list.filter((rotation) => rotation.closedAt === null));
  readonly shown = $derived(this.sheet.kind === "run" ? (this.all[this.sheet.id] ?? null) : null);
  /** What the sheet is about: a rotation, or before there is one, a key. */
  readonly #subject = $derived(this.sheet.kind === "run" ? this.sheet.id : this.sheet.kind === "plan" ? this.sheet.key.id : null);
  /** The act under way of each subject: one rotation's does not hold up another's. */
  #acts = $state.raw<ReadonlyMap<string, Act>>(new Map());
  /** The newest act on each subject. A refusal may come after its command has answered. */
  #last = $state.raw<ReadonlyMap<string, Act>>(new Map());
  /** What `error` is about. */
  readonly tried = $derived(this.#subject === null ? null : (this.#last.get(this.#subject) ?? null));
  /** The act under way of what the sheet shows. */
  readonly busy = $derived(this.#subject === null ? null : (this.#acts.get(this.#subject) ?? null));

  #heard = new Map<string, number>();
  #count = 0;
  #first = true;

  /** A moment to compare with: what was heard after it is newer than what was asked for at it. */
  mark(): number {
    return this.#count;
  }

  heard(rotation: RotationView): void {
    if ((this.all[rotation.id]?.revision ?? -1) > rotation.revision) return;
    this.#count += 1;
    this.#heard.set(rotation.id, this.#count);
    this.#put(rotation);
  }

  /** It stopped after its command had answered, for a reason that its record could not take. */
  broke({ rotationId, error }: StoppedView): void {
    if (!this.#isShown(rotationId)) return;
    this.error = error;
    home.alarm(advice(error));
  }

  /** Whether what is known is newer: by its revision, and at the same revision by having been heard since. */
  #overtaken(rotation: RotationView, mark: number): boolean {
    const known = this.all[rotation.id];
    if (!known || known.revision < rotation.revision) return false;
    return known.revision > rotation.revision || (this.#heard.get(rotation.id) ?? 0) > mark;
  }

  /** Takes a rotation that a command returned, unless an event has overtaken it. */
  #returned(rotation: RotationView, mark: number): void {
    if (!this.#overtaken(rotation, mark)) this.#put(rotation);
  }

  read(fromInventory: readonly RotationView[], mark: number): void {
    const next: Record<string, RotationView> = {};
    const open = new Set(fromInventory.map((rotation) => rotation.id));
    for (const rotation of Object.values(this.all)) {
      // What closed while the window is open stays listed. What is open no more, and nobody said so, another process has ended.
      const known = rotation.closedAt !== null || (this.#heard.get(rotation.id) ?? 0) > mark;
      if (known || this.#isShown(rotation.id)) next[rotation.id] = rotation;
      if (!known && !open.has(rotation.id)) void this.#ask(rotation.id);
    }
    for (const rotation of fromInventory) {
      next[rotation.id] = this.#overtaken(rotation, mark) ? this.all[rotation.id]! : rotation;
    }
    this.all = next;
    this.#replanHeld();
    if (this.#first) {
      this.#first = false;
      this.stopped = fromInventory.filter((it) => ["ready", "unknown", "failed", "asking"].includes(it.state.kind)).map((it) => it.id);
    }
  }

  async #ask(id: string): Promise<void> {
    const mark = this.mark();
    try {
      this.#returned(await client.rotation(id), mark);
    } catch {
      // It went with what it was about, as a sign-up that was stopped.
    }
  }

  #isShown(id: string): boolean {
    return this.sheet.kind === "run" && this.sheet.id === id;
  }

  #put(rotation: RotationView): void {
    const before = this.all[rotation.id];
    this.all = { ...this.all, [rotation.id]: rotation };
    if (this.#isShown(rotation.id) && before && stepOf(before) !== stepOf(rotation)) this.#announce(rotation);
  }

  #announce(rotation: RotationView): void {
    if (rotation.state.kind === "asking" || rotation.state.kind === "failed" || rotation.state.kind === "unknown") home.alarm(rotation.headline);
    else home.announce(rotation.headline);
  }

  /** Learns of those that ended before this window opened. Without them the list is what it was. */
  async loadRecent(days: number): Promise<void> {
    const mark = this.mark();
    try {
      for (const rotation of await client.recentRotations(days)) this.#returned(rotation, mark);
    } catch (error) {
      home.notify(asErrorView(error).message);
    }
  }

  async plan(key: KeyView, revokeFirst = false): Promise<void> {
    const open = key.rotationId;
    if (open !== null) {
      await this.show(open);
      return;
    }
    this.error = null;
    this.sheet = { kind: "plan", key, revokeFirst, plan: null, error: null };
    try {
      const plan = await client.planRotation(key.id, revokeFirst);
      if (this.sheet.kind === "plan" && this.sheet.key.id === key.id) this.sheet = { ...this.sheet, plan };
    } catch (error) {
      if (this.sheet.kind === "plan" && this.sheet.key.id === key.id) this.sheet = { ...this.sheet, error: asErrorView(error) };
    }
  }

  async start(): Promise<void> {
    const sheet = this.sheet;
    if (sheet.kind !== "plan" || !sheet.plan) return;
    const { key, plan, revokeFirst } = sheet;
    await this.#run("start", key.id, () => client.startRotation(key.id, plan.hash, revokeFirst));
    if (this.error && this.#subject === key.id) await this.#replan(key, revokeFirst);
  }

  /** What held a plan may be gone, such as a locked keychain; nobody has to close the sheet to find out. */
  #replanHeld(): void {
    const sheet = this.sheet;
    if (sheet.kind === "plan" && this.busy === null && (sheet.error || sheet.plan?.held)) void this.#replan(sheet.key, sheet.revokeFirst);
  }

  /** A refused start may mean that the plan is no longer true; the next press must be about what is shown. */
  async #replan(key: KeyView, revokeFirst: boolean): Promise<void> {
    try {
      const plan = await client.planRotation(key.id, revokeFirst);
      if (this.sheet.kind === "plan" && this.sheet.key.id === key.id) this.sheet = { ...this.sheet, plan, error: null };
    } catch {
      // What was refused before stands on screen already.
    }
  }

  /** Shows the sheet of a rotation that exists. */
  async show(id: string): Promise<void> {
    this.error = null;
    this.sheet = { kind: "run", id };
    this.stopped = this.stopped.filter((it) => it !== id);
    if (this.all[id]) return;
    const mark = this.#count;
    try {
      this.#returned(await client.rotation(id), mark);
    } catch (error) {
      this.error = asErrorView(error);
    }
  }

  /** Opens the sheet for an act that a form began; its rejection goes back to the form. */
  async begin(act: () => Promise<RotationView>): Promise<void> {
    const mark = this.#count;
    const rotation = await act();
    this.#returned(rotation, mark);
    this.error = null;
    this.sheet = { kind: "run", id: rotation.id };
    home.announce(rotation.headline);
  }
  create = (request: NewKeyRequest) => this.begin(() => client.newKey(request));
  signUp = (request: SignupRequest) => this.begin(() => client.signUp(request));
  revoke = (keyId: string, hash: string) => this.begin(() => client.startRevoke(keyId, hash));

  resume = (id: string) => this.#run("resume", id, () => client.resumeRotation(id));
  check = (id: string) => this.#run("check", id, () => client.resumeRotation(id));
  replaced = (id: string) => this.#run("replaced", id, () => client.confirmReplaced(id));
  revokeOldNow = (id: string) => this.#run("revokeOldNow", id, () => client.revokeOldNow(id));
  revokeAnyway = (id: string) => this.#run("revokeAnyway", id, () => client.revokeAnyway(id));
  /** Whoever asks first has confirmed it: then the name of a key that is in use goes with the order. */
  undo = async ({ id, keyName, acts }: RotationView, anyway = false): Promise<void> => {
    await this.#run("undo", id, () => client.undoRotation(id, acts.undoFromUse ? keyName : null, anyway));
    // A refusal may come of a call with the old key, which is told of it now.
    if (this.error && this.#subject === id) await this.#ask(id);
  };
  settle = (id: string, old: ClaimView | null, fresh: ClaimView | null) => this.#run("settle", id, () => client.settleRotation(id, old, fresh));
  answer = (id: string, answer: string, remoteId: string | null) => this.#run("answer", id, () => client.answerQuestion(id, answer, remoteId));

  pasteAgain = (id: string) => this.#run("pasteAgain", id, () => client.pasteAgain(id));
  deleted = (id: string) => this.#run("deleted", id, () => client.confirmDeleted(id));

  /** The value goes from the clipboard to Rust; the page sees its handle. `anyway`: the one that looked unusual is taken. */
  takeValue = (rotation: RotationView, anyway = false) =>
    this.#run("takeValue", rotation.id, async () => {
      const before = this.#kept?.id === rotation.id ? this.#kept.handle : null;
      const kept = this.unusual === rotation.id && !anyway ? null : before;
      const handle = kept ?? (await client.takeFromClipboard(rotation.providerId, "key")).handle;
      if (before && before !== handle) await client.forgetPasted(before);
      this.#kept = null;
      this.unusual = null;
      try {
        return await client.takeNewValue(rotation.id, handle, anyway);
      } catch (error) {
        const { code } = asErrorView(error);
        if (code === "input.wrong_key_format" && !anyway) this.unusual = rotation.id;
        if (code.startsWith("input.") && this.unusual !== rotation.id) await client.forgetPasted(handle);
        else this.#kept = { id: rotation.id, handle };
        throw error;
      }
    });

  /** The rotation whose value was not taken because it does not look like its provider's keys. */
  unusual = $state<string | null>(null);

  /** The clipboard is empty once a value is taken, and the provider shows it once: a taking that failed keeps it for the next press. */
  #kept: { id: string; handle: string } | null = null;

  async openTaskPage(id: string): Promise<void> {
    this.error = null;
    try {
      await client.openTaskPage(id);
    } catch (error) {
      this.error = asErrorView(error);
    }
  }

  /** Of the new key in the sheet. */
  async copyNew(versionId: string): Promise<void> {
    await this.#during("copyNew", this.#subject, async () => {
      const clipboard = await client.copyVersion(versionId);
      home.announce(copy.clipboard.copied(clipboard.clearsInSeconds));
    });
  }

  async #run(act: Act, subject: string, send: () => Promise<RotationView>): Promise<void> {
    await this.#during(act, subject, async () => {
      const mark = this.#count;
      const rotation = await send();
      this.#returned(rotation, mark);
      // Whoever has gone on to another sheet stays there.
      if (this.#subject === subject) this.sheet = { kind: "run", id: rotation.id };
    });
  }

  async #during(act: Act, subject: string | null, work: () => Promise<void>): Promise<void> {
    if (subject === null || this.#acts.has(subject)) return;
    this.#acts = new Map(this.#acts).set(subject, act);
    this.#last = new Map(this.#last).set(subject, act);
    this.error = null;
    try {
      await work();
    } catch (rejection) {
      const error = asErrorView(rejection);
      if (this.#subject === subject) {
        this.error = error;
        home.alarm(advice(error));
      } else home.notify(advice(error));
    } finally {
      this.#acts = new Map([...this.#acts].filter(([of]) => of !== subject));
    }
  }

  close(): void {
    this.sheet = { kind: "closed" };
    this.error = null;
  }
}

function stepOf(rotation: RotationView): string {
  return `${rotation.state.kind}/${rotation.current ?? "-"}`;
}

export const rotations = new Rotations();
