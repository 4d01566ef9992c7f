/** The artifact's manifest from the parts of an export. */
import path from "node:path";
import type { ProjectConfig } from "@attune/contracts/config";
import {
  type ArtifactManifest,
  artifactManifestVersion,
  type DatasetManifest,
  type LeaderboardRow,
  recommendSignatureVersion,
  type TrainingManifest,
} from "@attune/contracts/manifest";
import type { ScoringModel } from "@attune/features";
import { allGraphs, type Model } from "@attune/onnx";
import type { FileHash } from "@attune/store";

export interface ManifestInput {
  readonly name: string;
  readonly version: number;
  readonly scoring: ScoringModel;
  readonly model: Model;
  readonly itemCount: number;
  readonly dataset: DatasetManifest;
  readonly training: TrainingManifest;
  readonly config: ProjectConfig;
  readonly tools: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, FileHash>>;
}

export function createManifest(input: ManifestInput): ArtifactManifest {
  const { name, version, scoring, model, itemCount, dataset, training, config, tools, files } = input;
  const { maxK, maxHistory, maxExclude } = config.export;
  return {
    schemaVersion: artifactManifestVersion,
    name,
    version,
    task: "recommend",
    signature: {
      version: recommendSignatureVersion,
      inputs: model.graph.inputs.map(declare),
      outputs: model.graph.outputs.map(declare),
    },
    model: {
      kind: scoring.kind,
      description: scoring.description,
      hyperparameters: { ...scoring.hyperparameters },
      seed: training.seed,
    },
    catalogue: { items: itemCount },
    limits: { maxK, maxHistory, maxExclude },
    files: { ...files },
    data: {
      key: dataset.key,
      sourceSha256: dataset.source.sha256,
      ...dataset.counts,
      split: dataset.split,
    },
    trainingKey: training.key,
    leaderboard: training.models.map((trained) => leaderboardRow(trained, training)),
    ...(training.pruning && { pruning: training.pruning }),
    opset: { ...model.opsets },
    ops: [...new Set([...allGraphs(model.graph)].flatMap(({ nodes }) => nodes.map(({ op }) => op)))].sort(),
    tools: { ...tools },
    config: withoutForeignPaths(config),
  };
}

function declare({ name, dtype, dims }: Model["graph"]["inputs"][number]) {
  return { name, dtype, dims: dims.map((dim) => dim ?? "?") };
}

function leaderboardRow(
  trained: TrainingManifest["models"][number],
  { metric, chosen }: TrainingManifest,
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

/** The config as it was, but a data file outside the project keeps its name only: artifacts travel. */
function withoutForeignPaths(config: ProjectConfig): Record<string, unknown> {
  const inside = <T extends { readonly path: string }>(file: T): T => {
    const foreign = path.isAbsolute(file.path) || file.path.split(/[\\/]/)[0] === "..";
    return foreign ? { ...file, path: path.basename(file.path) } : file;
  };
  const { events, items, ...rest } = config.data;
  return {
    ...config,
    data: { events: inside(events), ...(items && { items: inside(items) }), ...rest },
  };
}
