import type { UserConfig } from "tsdown";

/** What every published package builds the same way: ESM with types, one file a module, nothing bundled in. */
export const base: UserConfig = {
  entry: { index: "src/index.ts" },
  format: "esm",
  platform: "neutral",
  target: "es2023",
  dts: true,
  clean: true,
  fixedExtension: false,
  sourcemap: false,
};
