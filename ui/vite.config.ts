import { defineConfig } from "vite";
import { svelte } from "@sveltejs/vite-plugin-svelte";

// The mode `mock` answers IPC from src/fixtures; a production bundle holds none of it.
export default defineConfig(({ mode, command }) => ({
  base: "./",
  define: { __MOCK__: JSON.stringify(command === "serve" || mode === "mock") },
  plugins: [svelte()],
  server: { port: 1420, strictPort: true },
  clearScreen: false,
  build: {
    target: "safari16",
    outDir: mode === "mock" ? "dist-mock" : "dist",
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    cssCodeSplit: false,
    rollupOptions: { input: ["index.html", "quick.html"] },
    assetsInlineLimit: 0,
    reportCompressedSize: true,
  },
}));
