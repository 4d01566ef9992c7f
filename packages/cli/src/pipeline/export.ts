/** The export step with its progress: golden rows from the dataset, tool versions, the artifact folder. */
import type { Dataset, TaskName } from "@attune/contracts";
import { artifactFiles } from "@attune/contracts/manifest";
import { type ExportedArtifact, type ExportInput, exportArtifact } from "@attune/export";
import type { Io } from "../io.ts";
import { artifactsDir } from "../project/artifacts.ts";
import type { Project } from "../project/load.ts";
import { toolVersions } from "../project/versions.ts";
import { withProgress } from "../terminal/progress.ts";
import { formatBytes } from "../terminal/sizes.ts";
import { exportParts, type FitName } from "./export-parts.ts";
import type { TrainingStep } from "./train.ts";

export function runExport<T extends TaskName>(
  project: Project<T>,
  dataset: Dataset<T>,
  training: TrainingStep<T>,
  io: Io,
  options: { readonly triton?: boolean } = {},
): Promise<ExportedArtifact> {
  return withProgress(io, "export", async () => {
    const input = exportInput(project, dataset, training, "released", artifactsDir(project));
    const exported = await exportArtifact(input, options);
    const { name, version, files } = exported.manifest;
    const summary = `${name} version ${version}, model.onnx ${formatBytes(files[artifactFiles.model]?.bytes ?? 0)}`;
    return { value: exported, summary: exported.cached ? `${summary}, cached` : summary };
  });
}

/** An export of the released model, or of the measured one to judge it as it would be served. */
export function exportInput<T extends TaskName>(
  { config }: Project<T>,
  dataset: Dataset<T>,
  training: TrainingStep<T>,
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
