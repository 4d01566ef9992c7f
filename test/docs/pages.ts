/** The pages of docs/ that are written from the code. */
import { commandReference, commands } from "@attune/cli";
import { opsTable } from "@attune/onnx";
import { configPage } from "./config-page.ts";
import { errorsPage } from "./errors-page.ts";

/** File under docs/ → its text. */
export const pages: Readonly<Record<string, () => string>> = {
  "cli.md": () => commandReference(commands),
  "config.md": configPage,
  "errors.md": errorsPage,
  "ops.md": opsTable,
};
