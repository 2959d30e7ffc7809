/** Single letters are shortcuts only while that is switched on (WCAG 2.1.4); the palette has every act. */
import { home } from "./home.svelte";

export function silenced(event: KeyboardEvent): boolean {
  const letter = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
  return letter && home.app?.settings.letters === false;
}
