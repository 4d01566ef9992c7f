/** The version before as a file beside the next one's measured model, also as a file. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { isAttuneError, type RecommendDataset } from "@attune/contracts";
import { exportArtifact } from "@attune/export";
import { openArtifact } from "@attune/runtime-node";
import { exportInput } from "../pipeline/export-input.ts";
import type { TrainingStep } from "../pipeline/train.ts";
import type { Project } from "../project/load.ts";
import type { Update } from "../terminal/progress.ts";
import { compareUsers } from "./compare-users.ts";
import type { UserComparison } from "./verdict.ts";

export async function compareRecommenders(
  project: Project<"recommend">,
  dataset: RecommendDataset,
  training: TrainingStep<"recommend">,
  previousDir: string,
  update: Update,
): Promise<UserComparison | string> {
  const outDir = await mkdtemp(path.join(os.tmpdir(), "attune-release-"));
  try {
    const measured = await exportArtifact(exportInput(project, dataset, training, "measured", outDir));
    const next = await openArtifact(measured.dir);
    try {
      const previous = await openPrevious(previousDir);
      if (typeof previous === "string") return previous;
      try {
        return await compareUsers({
          dataset,
          metric: training.manifest.metric,
          seed: project.config.seed,
          samples: project.config.train.bootstrapSamples,
          previous: previous.personalizer,
          next: next.personalizer,
          onProgress: (done, total) => update(done, total, `beside version ${previous.manifest.version}`),
        });
      } finally {
        await previous.personalizer.close();
      }
    } finally {
      await next.personalizer.close();
    }
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}

/** A damaged version, or one of a signature that this runtime does not speak, is said and not compared with. */
async function openPrevious(dir: string) {
  try {
    return await openArtifact(dir);
  } catch (error) {
    if (isAttuneError(error)) return `it does not open (${error.code})`;
    throw error;
  }
}
