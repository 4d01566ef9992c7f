/** Data of any form → checked batches. */
import { AttuneError, type Tensor } from "@attune/contracts";
import type * as tf from "@tensorflow/tfjs-core";
import type { Learner } from "../learner.ts";
import type { TrainingProblem } from "../problem.ts";
import type { Sizes } from "../tensors.ts";
import { measureSizes } from "./check-batch.ts";
import { checkRanges } from "./check-ranges.ts";
import { type ClassWeights, fillWeights, weighClasses } from "./class-weights.ts";
import { createMemorySource } from "./memory-source.ts";
import { type Data, readData } from "./read-data.ts";
import { rowSignature } from "./rows.ts";
import { type BatchSource, isStream, type SourceOptions, type Stream } from "./source.ts";
import { createStreamSource } from "./stream-source.ts";

/** How much rows count in the loss. */
export interface RowWeights {
  /** By class number; by target first where there are several. As in tfjs, the mean is over rows, not over weights. */
  readonly classWeights?: ClassWeights | Readonly<Record<string, ClassWeights>>;
  /** `[rows]`, of data in memory; by target where there are several. */
  readonly sampleWeights?: Tensor | tf.Tensor | Data;
}

/** Rows of a batch by default: as many as the signature fixes, else 32. */
export interface OpenOptions extends Partial<SourceOptions>, RowWeights {}

const defaultBatchSize = 32;

/** @throws {AttuneError} `TRAIN_DATA`, `TRAIN_OPTIONS` */
export async function openSource(
  learner: Learner,
  data: Data | Stream,
  options: OpenOptions,
): Promise<BatchSource> {
  const { name: kind } = learner.problem;
  const classWeights = resolveClassWeights(learner.problem, options.classWeights);
  const sampleWeights = resolveSampleWeights(learner.problem, options.sampleWeights);
  if (classWeights.size > 0 || Object.keys(sampleWeights).length > 0) await learner.useWeights();
  const rowDim = rowDimOf(learner.problem);
  const batchSize = options.batchSize ?? (typeof rowDim === "number" ? rowDim : defaultBatchSize);
  if (typeof rowDim === "number" && batchSize !== "block" && batchSize !== rowDim) {
    const issues = [`batchSize is ${batchSize}, but the signature fixes ${rowDim} rows`];
    throw new AttuneError("TRAIN_OPTIONS", { kind, issues });
  }
  const { remainder = "keep", shuffleRows } = options;
  const common = { remainder, shuffleRows, seed: learner.seed, rowDim };
  if (isStream(data)) {
    if (Object.keys(sampleWeights).length > 0) {
      const issues = ["sampleWeights are for data in memory; give the blocks of a stream a tensor `weight`"];
      throw new AttuneError("TRAIN_OPTIONS", { kind, issues });
    }
    return createStreamSource(data, {
      ...common,
      batchSize,
      kind,
      accept: (block) => accept(learner, block, { classWeights, isReady: batchSize === "block" }),
    });
  }
  if (batchSize === "block") {
    const issues = ['batchSize "block" is for streams; data in memory needs a number'];
    throw new AttuneError("TRAIN_OPTIONS", { kind, issues });
  }
  const checked = await accept(learner, { ...data, ...sampleWeights }, { classWeights, isReady: false });
  const left = checked.rowCount % batchSize;
  if (common.remainder === "keep" && typeof rowDim === "number" && left > 0) {
    const issues = [
      `${checked.rowCount} rows are no batches of ${rowDim}, which the signature fixes: ${left} are left`,
    ];
    throw new AttuneError("TRAIN_DATA", { kind, issues });
  }
  return createMemorySource(checked.batch, checked.rowCount, { ...common, batchSize, sizes: checked.sizes });
}

interface AcceptOptions {
  /** By name of the weights' input. */
  readonly classWeights: ReadonlyMap<string, ClassWeights>;
  /** Whether it is a batch, not rows to make batches of. */
  readonly isReady: boolean;
}

/** Brings data into the form of the signature, weighs its rows, and checks it. */
async function accept(learner: Learner, data: Data, { classWeights, isReady }: AcceptOptions) {
  let batch = learner.problem.prepare(await readData(data));
  const weightNames = Object.keys(learner.problem.weights);
  if (weightNames.some((name) => name in batch)) await learner.useWeights();
  const { name: kind, signature, ranges, weights } = learner.problem;
  const issues: string[] = [];
  const rowCount = Object.values(batch)[0]?.dims?.[0] ?? 0;
  if (learner.isWeighted) {
    for (const [name, classes] of classWeights) {
      const target = batch[weights[name] as string];
      if (target === undefined) continue;
      const weighed = weighClasses(target, classes, batch[name]);
      if (Array.isArray(weighed)) issues.push(...weighed.map((issue) => `${weights[name]}: ${issue}`));
      else batch = { ...batch, [name]: weighed };
    }
    batch = fillWeights(batch, weightNames, rowCount);
  }
  const specs = isReady ? signature : rowSignature(signature, issues);
  const sizes: Sizes = measureSizes(specs, batch, issues);
  issues.push(...checkRanges(ranges, batch));
  if (issues.length > 0) throw new AttuneError("TRAIN_DATA", { kind, issues });
  return { batch, sizes, rowCount };
}

function rowDimOf({ signature }: TrainingProblem): number | string {
  return Object.values(signature)[0]?.dims[0] ?? "batch";
}

function resolveClassWeights(
  problem: TrainingProblem,
  given: RowWeights["classWeights"],
): Map<string, ClassWeights> {
  if (given === undefined) return new Map();
  const isByTarget = Object.values(given).some((value) => typeof value === "object");
  return new Map(
    nameWeights(problem, "classWeights", isByTarget, given).map(([name, value]) => [
      name,
      value as ClassWeights,
    ]),
  );
}

function resolveSampleWeights(problem: TrainingProblem, given: RowWeights["sampleWeights"]): Data {
  if (given === undefined) return {};
  const isByTarget = !("dtype" in given && "data" in given);
  const named = nameWeights(problem, "sampleWeights", isByTarget, given);
  return Object.fromEntries(named) as Data;
}

/** Weights by target, or of the only target → by the name of their input. */
function nameWeights(
  problem: TrainingProblem,
  option: string,
  isByTarget: boolean,
  given: object,
): [string, unknown][] {
  const inputs = Object.entries(problem.weights);
  const refuse = (issue: string): never => {
    throw new AttuneError("TRAIN_OPTIONS", { kind: problem.name, issues: [`${option}: ${issue}`] });
  };
  if (inputs.length === 0) return refuse("only a model has them; make weights an input of the loss");
  const targets = inputs.map(([, target]) => target);
  if (!isByTarget) {
    const [only] = inputs;
    return inputs.length === 1 && only
      ? [[only[0], given]]
      : refuse(`give them by target: ${targets.join(", ")}`);
  }
  const unknown = Object.keys(given).filter((target) => !targets.includes(target));
  if (unknown.length > 0) refuse(`no target ${unknown.join(", ")}; there are ${targets.join(", ")}`);
  return inputs.flatMap(([name, target]): [string, unknown][] =>
    target in given ? [[name, Reflect.get(given, target)]] : [],
  );
}
