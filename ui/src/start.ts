/** How each page begins: its styles, its theme, and in a mock build the fixtures. */
import "./base.css";
import { mount, type Component } from "svelte";
import { followTheme } from "./frame/theme.svelte";

export async function start(page: Component): Promise<void> {
  if (__MOCK__ && new URLSearchParams(location.search).has("mock")) {
    const { install } = await import("./fixtures/install");
    install(new URLSearchParams(location.search));
  }
  followTheme();
  const target = document.getElementById("app");
  if (target) mount(page, { target });
}
