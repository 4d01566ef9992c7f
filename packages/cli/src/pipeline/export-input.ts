/** What an export is made from, of either fit. */
import type { Dataset, TaskName } from "@attune/contracts";
import type { ExportInput } from "@attune/export";
import type { SavedTraining } from "@attune/train";
import type { Project } from "../project/load.ts";
import { toolVersions } from "../project/versions.ts";
import { exportParts, type FitName } from "./export-parts.ts";

/** An export of the released model, or of the measured one to judge it as it would be served. */
export function exportInput<T extends TaskName>(
  { config }: Project<T>,
  dataset: Dataset<T>,
  training: SavedTraining<T>,
  fit: FitName,
  outDir: string,
): ExportInput<T> {
  return {
    outDir,
    config,
    dataset: dataset.manifest,
    training: training.manifest,
    model: training[fit].chosen,
    tools: toolVersions(),
    ...exportParts<T>(config.task as T, dataset, training[fit], fit),
    // The common part and the task's, whose sum TypeScript does not see while T is open.
  } as unknown as ExportInput<T>;
}
