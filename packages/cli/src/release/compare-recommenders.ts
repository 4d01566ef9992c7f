/** The measured models of the version before and of the next one, both as files, on the same people. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { RecommendDataset } from "@attune/contracts";
import type { ArtifactManifest } from "@attune/contracts/manifest";
import { exportArtifact } from "@attune/export";
import type { Personalizer } from "@attune/runtime";
import { openArtifact } from "@attune/runtime-node";
import type { SavedTraining } from "@attune/train";
import { exportInput } from "../pipeline/export-input.ts";
import type { Project } from "../project/load.ts";
import type { Update } from "../terminal/progress.ts";
import { compareUsers } from "./compare-users.ts";
import { loadPreviousFit } from "./previous-fit.ts";
import type { UserComparison } from "./verdict.ts";

/**
 * Measured models, not released ones: both lack the events of their own test, so neither knows newer days than the other.
 * The released file of the version before has learned from days that the next measured model has not seen.
 */
export async function compareRecommenders(
  project: Project<"recommend">,
  dataset: RecommendDataset,
  training: SavedTraining<"recommend">,
  previous: ArtifactManifest,
  update: Update,
): Promise<UserComparison | string> {
  const before = await loadPreviousFit(project, previous);
  if (typeof before === "string") return before;
  return withMeasured(project, before.dataset, before.training, (previousModel) =>
    withMeasured(project, dataset, training, (nextModel) =>
      compareUsers({
        dataset,
        previousDataset: before.dataset,
        metric: training.manifest.metric,
        seed: project.config.seed,
        samples: project.config.train.bootstrapSamples,
        previous: previousModel,
        next: nextModel,
        onProgress: (done, total) => update(done, total, `beside version ${previous.version}`),
      }),
    ),
  );
}

/** The measured model as it would be served, from a folder that is removed afterwards. */
async function withMeasured<R>(
  project: Project<"recommend">,
  dataset: RecommendDataset,
  training: SavedTraining<"recommend">,
  use: (personalizer: Personalizer) => Promise<R>,
): Promise<R> {
  const outDir = await mkdtemp(path.join(os.tmpdir(), "attune-release-"));
  try {
    const { dir } = await exportArtifact(exportInput(project, dataset, training, "measured", outDir));
    const { personalizer } = await openArtifact(dir);
    try {
      return await use(personalizer);
    } finally {
      await personalizer.close();
    }
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}
