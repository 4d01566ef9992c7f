import { defineConfig } from "tsdown";
import { base } from "../../tsdown.config.base.ts";

// The worker is a file of its own beside index.js, where `new URL("./worker.js", import.meta.url)` finds it.
export default defineConfig({ ...base, entry: { index: "src/index.ts", worker: "src/worker.ts" } });
