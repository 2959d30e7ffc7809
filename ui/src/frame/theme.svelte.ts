/** Follows the system, unless the person chose. */
import { load, save } from "./memory";

export type Theme = "system" | "light" | "dark";

class Choice {
  theme = $state<Theme>(load<Theme>("theme", "system"));
}
export const choice = new Choice();

function apply(): void {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const theme = choice.theme === "system" ? (dark ? "dark" : "light") : choice.theme;
  document.documentElement.dataset.theme = theme;
}

export function followTheme(): void {
  apply();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", apply);
}

export function nextTheme(): void {
  choice.theme = choice.theme === "system" ? "light" : choice.theme === "light" ? "dark" : "system";
  save("theme", choice.theme);
  apply();
}
