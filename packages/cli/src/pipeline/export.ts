/** The export step with its progress: golden histories from the dataset, tool versions, the artifact folder. */
import type { Dataset } from "@attune/contracts";
import { artifactFiles } from "@attune/contracts/manifest";
import { type ExportedArtifact, exportArtifact, type UserHistory } from "@attune/export";
import { createRankingTask } from "@attune/train";
import type { Io } from "../io.ts";
import { artifactsDir } from "../project/artifacts.ts";
import type { Project } from "../project/load.ts";
import { toolVersions } from "../project/versions.ts";
import { withProgress } from "../terminal/progress.ts";
import { formatBytes } from "../terminal/sizes.ts";
import { userHistories } from "./histories.ts";
import type { TrainingStep } from "./train.ts";

export function runExport(
  project: Project,
  dataset: Dataset,
  training: TrainingStep,
  io: Io,
  options: { readonly triton?: boolean } = {},
): Promise<ExportedArtifact> {
  return withProgress(io, "export", async () => {
    const exported = await exportArtifact(
      {
        outDir: artifactsDir(project),
        config: project.config,
        dataset: dataset.manifest,
        training: training.manifest,
        model: training.chosen,
        popularity: training.popularityScores,
        itemIds: dataset.itemIds,
        ...(dataset.itemDetails && { itemDetails: dataset.itemDetails }),
        histories: goldenHistories(dataset),
        tools: toolVersions(),
      },
      options,
    );
    const { name, version, files } = exported.manifest;
    const summary = `${name} version ${version}, model.onnx ${formatBytes(files[artifactFiles.model]?.bytes ?? 0)}`;
    return { value: exported, summary: exported.cached ? `${summary}, cached` : summary };
  });
}

/** Test users: the people the model was not fitted on, as far as the split has any. */
function goldenHistories(dataset: Dataset): UserHistory[] {
  return userHistories(dataset, createRankingTask(dataset, "test")).filter(({ ids }) => ids.length > 0);
}
