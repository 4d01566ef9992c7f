/** The pages of docs/ that are written from the code. */
import { opsTable } from "@attune/onnx";
import { commands } from "../../packages/cli/src/commands/index.ts";
import { commandReference } from "../../packages/cli/src/help.ts";
import { kernelsTable } from "../../packages/trace/src/kernels/table.ts";
import { configPage } from "./config-page.ts";
import { errorsPage } from "./errors-page.ts";
import { layersPage } from "./layers-page.ts";
import { observabilityPage } from "./observability-page.ts";
import { oipConformancePage } from "./oip-conformance-page.ts";
import { servingPage } from "./serving-page.ts";

/** File under docs/ → its text. */
export const pages: Readonly<Record<string, () => string>> = {
  "cli.md": () => commandReference(commands),
  "config.md": configPage,
  "errors.md": errorsPage,
  "kernels.md": kernelsTable,
  "layers.md": layersPage,
  "observability.md": observabilityPage,
  "oip-conformance.md": oipConformancePage,
  "ops.md": opsTable,
  "serving.md": servingPage,
};
