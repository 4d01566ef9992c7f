import { defineConfig } from "vitest/config";

// Packages resolve each other's sources through the first condition: no build before a test. The others are Node's own: with
// "module" it would be given files that only bundlers understand.
const conditions = ["@attune/source", "node", "import", "default"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "apps/*/src/**/*.test.ts",
      "bench/src/**/*.test.ts",
      "test/**/*.test.ts",
    ],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    // Tests wait for processes and browsers a good part of the time; the default leaves a processor free.
    maxWorkers: "100%",
    restoreMocks: true,
    // Some tests load the engine without our runtime, which sets this itself.
    env: { ORT_DISABLE_TELEMETRY: "1" },
  },
});
