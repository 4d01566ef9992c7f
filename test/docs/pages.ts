/** The pages of docs/ that are written from the code. */
import { commandReference, commands } from "@attune/cli";
import { opsTable } from "@attune/onnx";
import { kernelsTable } from "../../packages/trace/src/kernels/table.ts";
import { configPage } from "./config-page.ts";
import { errorsPage } from "./errors-page.ts";
import { layersPage } from "./layers-page.ts";

/** File under docs/ → its text. */
export const pages: Readonly<Record<string, () => string>> = {
  "cli.md": () => commandReference(commands),
  "config.md": configPage,
  "errors.md": errorsPage,
  "kernels.md": kernelsTable,
  "layers.md": layersPage,
  "ops.md": opsTable,
};
