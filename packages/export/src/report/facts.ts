/** What a report and a model card are written from. */
import type { PredictTask, TaskName } from "@attune/contracts";
import type {
  ArtifactManifest,
  DatasetManifest,
  Estimate,
  TrainedModel,
  TrainingManifest,
} from "@attune/contracts/manifest";
import type { SizePart } from "../graph/project-size.ts";
import type { Legend } from "./figures.ts";

interface FileFacts {
  /** Parts of `model.onnx`. */
  readonly size: readonly SizePart[];
  /** Bytes of `model.onnx`. */
  readonly modelBytes: number;
}

/** The facts of one task. */
export interface ReportFacts<T extends TaskName> extends FileFacts {
  /** Without the entries of the files that are written from it. */
  readonly manifest: ArtifactManifest<T>;
  readonly dataset: DatasetManifest<T>;
  readonly training: TrainingManifest<T>;
}

/** The facts of whichever task: what the sections read that all tasks share. */
export interface AnyFacts extends FileFacts {
  readonly manifest: ArtifactManifest;
  readonly dataset: DatasetManifest;
  readonly training: TrainingManifest;
}

/** The facts of a task that answers row by row. */
export interface RowFacts extends FileFacts {
  readonly manifest: ArtifactManifest<PredictTask>;
  readonly dataset: DatasetManifest<PredictTask>;
  readonly training: TrainingManifest<PredictTask>;
}

/** The chosen model first, then best first by the deciding metric on the test units. */
export function rankModels({ models, metric, better, chosen }: TrainingManifest): readonly TrainedModel[] {
  const sign = better === "higher" ? 1 : -1;
  const value = (model: TrainedModel) =>
    sign * (model.test[metric]?.value ?? -sign * Number.POSITIVE_INFINITY);
  return models.toSorted(
    (a, b) => Number(b.kind === chosen) - Number(a.kind === chosen) || value(b) - value(a) || 0,
  );
}

/** One colour and one shape per model, in leaderboard order. */
export function legendOf(training: TrainingManifest): Legend {
  return { models: rankModels(training).map((model) => model.kind) };
}

export function chosenModel(training: TrainingManifest): TrainedModel | undefined {
  return training.models.find((model) => model.kind === training.chosen);
}

/** Every test figure of every model. */
export function testEstimates({ models }: TrainingManifest): readonly Estimate[] {
  return models.flatMap(({ test }) => Object.values(test));
}
