/** The export step with its progress: a look at the version before, golden rows, tool versions, the artifact folder. */
import type { Dataset, TaskName } from "@attune/contracts";
import { artifactFiles } from "@attune/contracts/manifest";
import { type ExportedArtifact, type ExportOptions, exportArtifact } from "@attune/export";
import type { Io } from "../io.ts";
import { exportInput } from "../pipeline/export-input.ts";
import type { TrainingStep } from "../pipeline/train.ts";
import { artifactsDir } from "../project/artifacts.ts";
import type { Project } from "../project/load.ts";
import { withProgress } from "../terminal/progress.ts";
import { formatBytes } from "../terminal/sizes.ts";
import { checkRelease } from "./check-release.ts";
import type { ReleaseVerdict } from "./verdict.ts";

export interface ReleaseOptions extends Pick<ExportOptions, "version" | "triton"> {
  /** Releases also what is a step back from the version before. Default false. */
  readonly allowWorse?: boolean;
}

export interface Release extends ExportedArtifact {
  readonly verdict: ReleaseVerdict;
}

/** @throws {AttuneError} `RELEASE_WORSE` before anything is written; what `exportArtifact` throws. */
export function runExport<T extends TaskName>(
  project: Project<T>,
  dataset: Dataset<T>,
  training: TrainingStep<T>,
  io: Io,
  { allowWorse = false, ...options }: ReleaseOptions = {},
): Promise<Release> {
  return withProgress<Release>(io, "export", async (update) => {
    const verdict = await checkRelease(project, dataset, training, { allowWorse, update });
    const input = exportInput(project, dataset, training, "released", artifactsDir(project));
    const exported = await exportArtifact(input, options);
    const { name, version, files } = exported.manifest;
    const summary = `${name} version ${version}, model.onnx ${formatBytes(files[artifactFiles.model]?.bytes ?? 0)}`;
    return {
      value: { ...exported, verdict },
      summary: exported.cached ? `${summary}, cached` : summary,
    };
  });
}
