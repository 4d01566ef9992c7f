import { defineConfig } from "tsdown";
import { base } from "../../tsdown.config.base.ts";

export default defineConfig({
  ...base,
  entry: { index: "src/index.ts", bin: "src/bin.ts", main: "src/main.ts" },
  platform: "node",
});
