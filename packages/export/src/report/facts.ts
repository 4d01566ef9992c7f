/** What a report and a model card are written from. */
import type {
  ArtifactManifest,
  DatasetManifest,
  TrainedModel,
  TrainingManifest,
} from "@attune/contracts/manifest";
import type { SizePart } from "../graph/project-size.ts";
import type { Legend } from "./figures.ts";

export interface ReportFacts {
  /** Without the entries of the files that are written from it. */
  readonly manifest: ArtifactManifest;
  readonly dataset: DatasetManifest;
  readonly training: TrainingManifest;
  /** Parts of `model.onnx`. */
  readonly size: readonly SizePart[];
  /** Bytes of `model.onnx`. */
  readonly modelBytes: number;
}

/** The chosen model first, then best first by the deciding metric on the test users. */
export function rankModels({ models, metric, chosen }: TrainingManifest): readonly TrainedModel[] {
  const value = (model: TrainedModel) => model.test[metric]?.value ?? Number.NEGATIVE_INFINITY;
  return models.toSorted(
    (a, b) => Number(b.kind === chosen) - Number(a.kind === chosen) || value(b) - value(a),
  );
}

/** One colour and one shape per model, in leaderboard order. */
export function legendOf(training: TrainingManifest): Legend {
  return { models: rankModels(training).map((model) => model.kind) };
}

export function chosenModel(training: TrainingManifest): TrainedModel | undefined {
  return training.models.find((model) => model.kind === training.chosen);
}
