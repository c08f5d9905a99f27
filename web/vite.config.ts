import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

/** Where a running `levee serve` listens, while the screens are worked on. */
const server = "http://127.0.0.1:8080";
const proxy = { "/api": server, "/metrics": server, "/ready": server };

// The bundle is embedded in the server: no address but its own, nothing inlined that the page's policy would refuse.
export default defineConfig({
  plugins: [svelte()],
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: true },
  server: { proxy },
  preview: { proxy },
  test: { include: ["src/**/*.test.ts"], css: true },
});
