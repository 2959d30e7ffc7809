/** What is said of the versions of a key. Pure. */
import type { VersionView } from "../ipc/types";
import { copy } from "../copy";

/** One word: "dead" only where a call with it was refused after its end. */
export const word = ({ state, receipt }: Pick<VersionView, "state" | "receipt">): string => (state === "revoked" && receipt?.proven ? copy.drawer.versionDead : copy.drawer.versionState[state]);

/** Which version, counted from one, the given one is. They come newest first. */
export function numberOf(versions: readonly Pick<VersionView, "id">[], id: string | null): number {
  const at = versions.findIndex((version) => version.id === id);
  return versions.length - Math.max(at, 0);
}
