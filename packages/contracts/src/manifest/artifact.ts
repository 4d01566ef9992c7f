/** The artifact's manifest: the contract between the release pipeline and every runtime. */
import * as z from "zod/mini";
import { estimate, pruning } from "./estimate.ts";

export const artifactManifestVersion = 1;
/** Version of the `recommend` graph signature (see docs/artifact.md). */
export const recommendSignatureVersion = 1;

const count = z.int().check(z.minimum(0));
const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));

const valueInfo = z.strictObject({
  name: z.string(),
  dtype: z.enum(["float32", "float64", "int32", "int64", "bool", "string"]),
  dims: z.array(z.union([z.number(), z.string()])),
});

/** One row of the leaderboard: a model's metrics on the test split. */
const leaderboardRow = z.strictObject({
  kind: z.string(),
  /** Hyperparameters chosen on the validation split. */
  hyperparameters: z.record(z.string(), z.unknown()),
  chosen: z.boolean(),
  /** `"ndcg@10"` → estimate. */
  metrics: z.record(z.string(), estimate),
  /** Difference to the baseline on the same users, paired. Absent on the baseline itself. */
  differenceToBaseline: z.optional(estimate),
  validation: z.record(z.string(), estimate),
  fitMs: z.optional(z.number()),
});

/** How far a runtime is from the trainer on the golden rows. */
const parityResult = z.strictObject({
  runtime: z.string(),
  version: z.string(),
  rows: count,
  /** Largest absolute difference between the trainer's score and the runtime's, over all returned items. */
  maxAbs: z.number(),
  /** Share of rows whose ids are the trainer's, in the trainer's order. */
  sameTopK: z.number(),
});

export const artifactManifest = z.strictObject({
  schemaVersion: z.literal(artifactManifestVersion),
  name: z.string(),
  version: z.int().check(z.minimum(1)),
  task: z.literal("recommend"),
  signature: z.strictObject({
    version: z.int().check(z.minimum(1)),
    inputs: z.array(valueInfo),
    outputs: z.array(valueInfo),
  }),
  model: z.strictObject({
    kind: z.string(),
    description: z.string(),
    hyperparameters: z.record(z.string(), z.unknown()),
    seed: z.int(),
  }),
  catalogue: z.strictObject({ items: count }),
  limits: z.strictObject({ maxK: count, maxHistory: count, maxExclude: count }),
  files: z.record(z.string(), z.strictObject({ sha256, bytes: count })),
  data: z.strictObject({
    key: z.string(),
    sourceSha256: z.string(),
    events: count,
    users: count,
    items: count,
    split: z.record(z.string(), z.unknown()),
  }),
  /** Key of the training the model comes from: exporting it again gives the same artifact. */
  trainingKey: z.optional(z.string()),
  leaderboard: z.array(leaderboardRow),
  /** Absent when the model fitted its budget as it was. */
  pruning: z.optional(pruning),
  opset: z.record(z.string(), z.int()),
  ops: z.array(z.string()),
  /** Filled by `verify`. An artifact without it is not verified. */
  parity: z.optional(z.record(z.string(), parityResult)),
  tools: z.record(z.string(), z.string()),
  /** The parsed project config the artifact came from, without paths outside the project. */
  config: z.record(z.string(), z.unknown()),
});

export type LeaderboardRow = z.output<typeof leaderboardRow>;
export type ParityResult = z.output<typeof parityResult>;
export type ArtifactManifest = z.output<typeof artifactManifest>;

/** The files of an artifact, by role. */
export const artifactFiles = {
  model: "model.onnx",
  manifest: "manifest.json",
  golden: "golden.json",
  card: "README.md",
  report: "report.html",
  /** Titles and other display columns per item; present when the dataset has them. */
  items: "items.json",
} as const;
