import { defineConfig } from "vitest/config";

// Apart from the unit tests, since it needs the binary.
export default defineConfig({ test: { include: ["day/*.test.ts"] } });
