/** Asks the system to unlock the keychain; the prompt is the system's own. */
import * as client from "../ipc/client";
import { advice, asErrorView } from "../ipc/errors";
import { home } from "./home.svelte";

class Unlocking {
  now = $state(false);
}
export const unlocking = new Unlocking();

export async function unlock(): Promise<void> {
  if (unlocking.now) return;
  unlocking.now = true;
  try {
    const keychain = await client.unlockKeychain();
    if (home.app) home.app = { ...home.app, keychain };
    home.announce(keychain.message);
    await home.refetch();
  } catch (rejection) {
    const error = asErrorView(rejection);
    home.notify(advice(error));
  } finally {
    unlocking.now = false;
  }
}
