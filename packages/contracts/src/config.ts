/** `@attune/contracts/config`: the project config. Uses full zod; browsers do not import it. */
export { type DataConfig, dataConfig, type FileFormat, type SplitConfig } from "./config/data.ts";
export { configJsonSchema, parseProjectConfig } from "./config/parse.ts";
export {
  defineConfig,
  type ExportConfig,
  type ProjectConfig,
  type ProjectConfigInput,
  projectConfig,
  type TrainConfig,
} from "./config/project.ts";
