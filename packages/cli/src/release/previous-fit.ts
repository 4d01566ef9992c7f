/** What the version before was measured with: its dataset and its training, as long as they are kept. */
import path from "node:path";
import { isAttuneError, type RecommendDataset } from "@attune/contracts";
import type { ArtifactManifest } from "@attune/contracts/manifest";
import { loadDataset } from "@attune/data";
import { loadTraining, type SavedTraining } from "@attune/train";
import { familyOf } from "../families.ts";
import type { Project } from "../project/load.ts";

export interface PreviousFit {
  readonly dataset: RecommendDataset;
  readonly training: SavedTraining<"recommend">;
}

/** @returns in words why it cannot be had: the folders were removed, are damaged, or are of an older Attune. */
export async function loadPreviousFit(
  project: Project<"recommend">,
  { data, trainingKey }: ArtifactManifest,
): Promise<PreviousFit | string> {
  if (trainingKey === undefined) return "it does not say which training it comes from";
  const kept = path.join(project.dir, ".attune");
  try {
    return {
      dataset: await loadDataset(path.join(kept, "datasets", data.key)),
      training: await loadTraining(path.join(kept, "models", trainingKey), familyOf("recommend")),
    };
  } catch (error) {
    if (!isAttuneError(error)) throw error;
    return `its dataset and training under .attune are needed for that, and cannot be read (${error.code})`;
  }
}
