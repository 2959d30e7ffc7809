import "./base.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { followTheme } from "./frame/theme.svelte";

async function start(): Promise<void> {
  if (__MOCK__ && new URLSearchParams(location.search).has("mock")) {
    const { install } = await import("./fixtures/install");
    install(new URLSearchParams(location.search));
  }
  followTheme();
  const target = document.getElementById("app");
  if (target) mount(App, { target });
}

void start();
