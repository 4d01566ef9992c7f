/** The artifact's manifest from the parts of an export. */
import type { TaskName } from "@attune/contracts";
import {
  type ArtifactManifest,
  artifactFiles,
  artifactManifestVersion,
  type LeaderboardRow,
  parseArtifactManifest,
  signatureVersions,
  type TrainingManifest,
} from "@attune/contracts/manifest";
import { allGraphs, type Model } from "@attune/onnx";
import type { FileHash } from "@attune/store";
import type { ExportInput } from "../task/export-input.ts";
import type { TaskFields } from "../task/task-export.ts";
import { hideForeignPaths } from "./foreign-paths.ts";

export interface ManifestInput<T extends TaskName> {
  readonly input: ExportInput<T>;
  readonly version: number;
  readonly model: Model;
  /** What only this task's manifest has. */
  readonly fields: TaskFields<T>;
  readonly files: Readonly<Record<string, FileHash>>;
}

/** @throws {AttuneError} `MANIFEST_INVALID` when the parts do not make a manifest. */
export function createManifest<T extends TaskName>(parts: ManifestInput<T>): ArtifactManifest<T> {
  const { input, version, model, fields, files } = parts;
  const { config, training, model: scoring } = input;
  const manifest = {
    schemaVersion: artifactManifestVersion,
    name: config.name,
    version,
    task: config.task,
    signature: {
      version: signatureVersions[config.task],
      inputs: model.graph.inputs.map(declare),
      outputs: model.graph.outputs.map(declare),
    },
    model: {
      kind: scoring.kind,
      description: scoring.description,
      hyperparameters: { ...scoring.hyperparameters },
      seed: training.seed,
    },
    files: { ...files },
    data: dataOf(input),
    trainingKey: training.key,
    leaderboard: training.models.map((trained) => leaderboardRow(trained, training)),
    ...(training.pruning && { pruning: training.pruning }),
    opset: { ...model.opsets },
    ops: [...new Set([...allGraphs(model.graph)].flatMap(({ nodes }) => nodes.map(({ op }) => op)))].sort(),
    tools: { ...input.tools },
    config: hideForeignPaths(config),
    ...fields,
  };
  // The schema narrows by the task that the config names, which is T.
  return parseArtifactManifest(manifest, artifactFiles.manifest) as ArtifactManifest<T>;
}

/** Measured and released are what was fitted, so they are the training's to say. */
function dataOf<T extends TaskName>({ dataset, training }: ExportInput<T>) {
  return {
    key: dataset.key,
    sourceSha256: dataset.source.sha256,
    split: dataset.split,
    measured: training.measured,
    released: training.released,
  };
}

function declare({ name, dtype, dims }: Model["graph"]["inputs"][number]) {
  return { name, dtype, dims: dims.map((dim) => dim ?? "?") };
}

function leaderboardRow(
  trained: TrainingManifest["models"][number],
  { metric, chosen }: Pick<TrainingManifest, "metric" | "chosen">,
): LeaderboardRow {
  const { kind, hyperparameters, test, validation, differenceToBaseline, fitMs } = trained;
  const difference = differenceToBaseline?.[metric];
  return {
    kind,
    hyperparameters,
    chosen: kind === chosen,
    metrics: test,
    ...(difference && { differenceToBaseline: difference }),
    validation,
    fitMs,
  };
}
