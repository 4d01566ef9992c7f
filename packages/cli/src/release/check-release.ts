/** The look at the version before, ahead of writing the next one. */
import path from "node:path";
import { AttuneError, type Dataset, isAttuneError, type TaskName } from "@attune/contracts";
import {
  type ArtifactManifest,
  artifactFiles,
  parseArtifactManifest,
  parseJsonBytes,
} from "@attune/contracts/manifest";
import { canonicalJson, readBytes } from "@attune/store";
import type { TrainingStep } from "../pipeline/train.ts";
import { listArtifacts } from "../project/artifacts.ts";
import type { Project } from "../project/load.ts";
import type { Update } from "../terminal/progress.ts";
import { compareRecommenders } from "./compare-recommenders.ts";
import { isStepBack, judgeRelease, type ReleaseVerdict, type UserComparison } from "./verdict.ts";

/** Puts the measured models of a version and of a training to the same people. */
type Comparer<T extends TaskName> = (
  project: Project<T>,
  dataset: Dataset<T>,
  training: TrainingStep<T>,
  previous: ArtifactManifest,
  update: Update,
) => Promise<UserComparison | string>;

/** Tasks whose models can be put to the same people. */
const comparers: { readonly [T in TaskName]?: Comparer<T> } = { recommend: compareRecommenders };

/**
 * Judges a training against the newest version of its project.
 *
 * @throws {AttuneError} `RELEASE_WORSE` for a step back, unless that is allowed.
 */
export async function checkRelease<T extends TaskName>(
  project: Project<T>,
  dataset: Dataset<T>,
  training: TrainingStep<T>,
  options: { readonly allowWorse: boolean; readonly update: Update },
): Promise<ReleaseVerdict> {
  const { manifest } = training;
  const previous = await readNewest(project);
  const wanted = project.config.train.models?.map((model) =>
    typeof model === "string" ? model : model.kind,
  );
  const verdict = judgeRelease({
    training: manifest,
    wantsBaseline: wanted?.every((kind) => kind === manifest.baseline) ?? false,
    previous,
    next: { sourceSha256: dataset.manifest.source.sha256, split: dataset.manifest.split },
    comparison: await compare(project, dataset, training, previous, options.update),
  });
  if (isStepBack(verdict) && !options.allowWorse) {
    throw new AttuneError("RELEASE_WORSE", {
      name: project.config.name,
      previous: verdict.previous!,
      reasons: [verdict.reason],
    });
  }
  return verdict;
}

/** The newest version that can be read: one that is damaged must not let the next one pass as the first. */
async function readNewest(project: Project): Promise<ArtifactManifest | undefined> {
  for (const dir of listArtifacts(project).toReversed()) {
    const manifest = await readManifest(dir);
    if (manifest !== undefined) return manifest;
  }
  return undefined;
}

/** A version that cannot be read is none to be compared with; `verify` says what is wrong with it. */
async function readManifest(dir: string): Promise<ArtifactManifest | undefined> {
  const file = path.join(dir, artifactFiles.manifest);
  try {
    return parseArtifactManifest(parseJsonBytes(await readBytes(file), file), file);
  } catch (error) {
    if (isAttuneError(error)) return undefined;
    throw error;
  }
}

/** @returns in words why there is nothing to compare, where there is not. */
async function compare<T extends TaskName>(
  project: Project<T>,
  dataset: Dataset<T>,
  training: TrainingStep<T>,
  previous: ArtifactManifest | undefined,
  update: Update,
): Promise<UserComparison | string> {
  const { key, chosen, baseline } = training.manifest;
  const task = project.config.task as T;
  const compareTask: Comparer<T> | undefined = comparers[task];
  if (previous === undefined) return "it cannot be read";
  if (previous.trainingKey === key) return "it comes from this training";
  if (previous.task !== task) return `its task is ${previous.task}`;
  if (compareTask === undefined) return `there is no comparison for ${task}`;
  if (chosen === baseline) return `${baseline} is the same for everyone`;
  if (canonicalJson(previous.data.split) !== canonicalJson(dataset.manifest.split)) {
    return "it was measured under another split";
  }
  return compareTask(project, dataset, training, previous, update);
}
