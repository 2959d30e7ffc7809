import { defineConfig } from "vitest/config";
import { svelte } from "@sveltejs/vite-plugin-svelte";

export default defineConfig({
  define: { __MOCK__: "false" },
  plugins: [svelte()],
  resolve: { conditions: ["browser"] },
  test: { environment: "jsdom", include: ["tests/*.test.ts"], testTimeout: 90_000, hookTimeout: 90_000 },
});
