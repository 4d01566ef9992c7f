import { defineConfig } from "tsdown";
import { base } from "../../tsdown.config.base.ts";

export default defineConfig({
  ...base,
  entry: {
    index: "src/index.ts",
    configuration: "src/configuration/index.ts",
    bin: "src/bin.ts",
    main: "src/main.ts",
    "steady-memory": "src/steady-memory.ts",
    // Threads are started by the name of their file.
    worker: "src/execution/worker.ts",
    "verify-worker": "src/model/verify-worker.ts",
  },
  platform: "node",
});
