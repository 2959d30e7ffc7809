/** What a person says of a key: owner, use, permissions and what they are meant for. Nothing of it is a secret. */
import type { DescriptionRequest, KeyView, PresetView, ProviderView } from "../ipc/types";

/** The narrowest first: fewest permissions, in the definition's order among equals. */
export function narrowestFirst(presets: readonly PresetView[]): PresetView[] {
  return presets.slice().sort((a, b) => a.permissions.length - b.permissions.length);
}

/** A name as the provider advises it; null where it advises none, or something is still missing. */
export function proposedName(template: string | null, environment: string, use: string): string | null {
  if (template === null) return null;
  const service = use.trim().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
  if (template.includes("{service}") && service === "") return null;
  return template.replaceAll("{environment}", environment).replaceAll("{service}", service);
}

export class AboutDraft {
  owner = $state("");
  usedFor = $state("");
  preset = $state("");
  permissions = $state.raw<readonly string[]>([]);
  /** What a preset ticked may be ticked anew by the next; what the person ticked stays. */
  #ticked = false;

  fill(key: Pick<KeyView, "owner" | "usedFor" | "preset" | "permissions"> | null): void {
    this.owner = key?.owner ?? "";
    this.usedFor = key?.usedFor ?? "";
    this.preset = key?.preset ?? "";
    this.permissions = key?.permissions ?? [];
    this.#ticked = this.permissions.length > 0;
  }

  choose(name: string, presets: readonly PresetView[]): void {
    this.preset = name;
    if (!this.#ticked) this.permissions = presets.find((it) => it.name === name)?.permissions ?? [];
  }

  tick(name: string): void {
    this.#ticked = true;
    this.permissions = this.permissions.includes(name) ? this.permissions.filter((it) => it !== name) : [...this.permissions, name];
  }

  /** Only what the provider knows: another account may have been chosen since. Where its definition is not there, all that was known stays. */
  request(provider: Pick<ProviderView, "permissions" | "presets"> | null): DescriptionRequest {
    return {
      owner: this.owner.trim(),
      usedFor: this.usedFor.trim(),
      permissions: this.permissions.filter((name) => !provider || provider.permissions.some((it) => it.name === name)),
      preset: !provider || provider.presets.some((it) => it.name === this.preset) ? this.preset : "",
    };
  }
}
