import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// Only for measuring; nothing of it is in the bundle.
export default defineConfig({ root: import.meta.dirname, plugins: [svelte()], build: { outDir: "../node_modules/.measure", emptyOutDir: true, target: "es2022" } });
