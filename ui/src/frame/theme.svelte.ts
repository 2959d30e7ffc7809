/** How the window looks. The theme is remembered here too, so that the first picture has it before Rust has answered. */
import type { DensityView, ThemeView } from "../ipc/types";
import { load, save } from "./memory";

class Choice {
  theme = $state<ThemeView>(load<ThemeView>("theme", "system"));
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

export function show(theme: ThemeView, density: DensityView): void {
  choice.theme = theme;
  save("theme", theme);
  document.documentElement.dataset.density = density;
  apply();
}

/** The one after it, where one button goes round. */
export const NEXT: Record<ThemeView, ThemeView> = { system: "light", light: "dark", dark: "system" };
