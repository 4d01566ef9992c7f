/** `@attune/contracts/config`: the project config. Uses full zod; browsers do not import it. */
export { configJsonSchema, parseProjectConfig } from "./config/parse.ts";
export {
  configVersion,
  defineConfig,
  type ExportConfig,
  type ProjectConfig,
  type ProjectConfigInput,
  projectConfig,
  type TrainConfig,
} from "./config/project.ts";
export type { RecommendDataConfig, SplitConfig } from "./config/recommend-data.ts";
export type { FileFormat } from "./config/source.ts";
export type { HierarchicalDataConfig, TabularDataConfig } from "./config/tabular-data.ts";
