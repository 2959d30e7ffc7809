/** Shows one key in the list, whatever stood there before. */
import type { KeyView } from "../ipc/types";
import { home } from "../frame/home.svelte";
import { acts } from "./acts.svelte";
import { keys } from "./keys.svelte";

export function goTo(key: KeyView): void {
  home.go("keys");
  keys.clear();
  if (home.scope && home.scope.orgId !== key.orgId) home.setScope(null);
  keys.show(key.id, "focus");
}

/** What quick access asked for, once the key is known here. */
export function goToWanted(): void {
  const wanted = home.wanted;
  const key = wanted && home.keyById.get(wanted.keyId);
  if (!key) return;
  home.wanted = null;
  goTo(key);
  if (wanted.rotate) acts.rotate(key);
}
