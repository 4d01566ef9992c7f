/** The whole of `train`: search, choose, refit, test. Reads a dataset, writes nothing, prints nothing. */
import type { Dataset } from "@attune/contracts";
import type { Pruning, TrainingManifest } from "@attune/contracts/manifest";
import { parseMetricName } from "@attune/metrics";
import { checkAborted } from "../pause.ts";
import { selectFitEvents } from "@attune/recommenders";
import { type FittedModel, isNeighbourModel } from "../trainer.ts";
import { baseline } from "@attune/recommenders";
import { type Choice, chooseModel, meanMetric } from "./choose.ts";
import { checkFinite } from "./finite.ts";
import { trainingKey } from "./key.ts";
import { planTraining } from "./plan.ts";
import { describeModel, type RefitResult } from "./report.ts";
import {
  createRun,
  fitToBudget,
  rankSplit,
  type TrainHooks,
  type TrainingRun,
  type TrainOptions,
} from "./run.ts";
import { type SearchResult, scoreNobody, searchTrainer } from "./search.ts";

export interface TrainingResult {
  /** Every figure; `saveTraining` adds the files. */
  readonly manifest: Omit<TrainingManifest, "files">;
  /** The released model: fitted on train and validation events, within the size budget. */
  readonly chosen: FittedModel;
  /** The baseline on the same events; may be `chosen` itself. */
  readonly popularity: FittedModel;
  /** `[items]` its scores in `[0, 1]`: what an artifact answers to an empty history. */
  readonly popularityScores: Float32Array;
}

/**
 * Trains the models of the config and the baseline, and chooses one.
 *
 * Settings are compared on the validation users by the graph that would be shipped, within the size budget. The best
 * of each trainer is fitted again with the validation events and ranks the test users once. Test events take part in
 * nothing else.
 *
 * @throws {AttuneError} `TRAIN_UNKNOWN_KIND`, `TRAIN_CONFIG`, `TRAIN_TOO_LARGE`, `EXPORT_TOO_LARGE` before any work;
 * `TRAIN_NOT_FINITE`, `TRAIN_ABORTED`, and what `createSession` throws.
 */
export async function trainModels(
  dataset: Dataset,
  options: TrainOptions,
  hooks: TrainHooks,
): Promise<TrainingResult> {
  checkAborted("train", hooks.signal);
  const plan = planTraining(dataset, options.train, options.exportConfig);
  const run = createRun(dataset, options, hooks);
  const users = { validation: run.tasks.validation.users.length, test: run.tasks.test.users.length };
  run.emit({ type: "projected", models: plan.map((model) => model.projection), users });

  const searches: SearchResult[] = [];
  const trainEvents = selectFitEvents(dataset, "validation");
  let fallback: Float32Array | undefined;
  for (const planned of plan) {
    const search = await searchTrainer(run, planned, trainEvents, fallback);
    fallback ??= scoreNobody(search.model);
    searches.push(search);
    emitRanked(run, planned.trainer.kind, "validation", search.evaluation);
  }
  const { metric } = options.train;
  const contenders = searches.map(({ planned, evaluation }) => ({ ...planned.trainer, evaluation }));
  const choice = chooseModel(contenders, metric, run.bootstrap);
  run.emit({ type: "chosen", ...choice });
  const chosenSearch = searches.find((search) => search.planned.trainer.kind === choice.kind)!;
  const pruning = await measurePruning(run, chosenSearch, fallback!);

  const refits = await refitAll(run, searches);
  return assemble(run, searches, refits, choice, pruning, users);
}

/** What the size budget costs the chosen model on the validation users; absent when it costs nothing. */
async function measurePruning(
  run: TrainingRun,
  search: SearchResult,
  fallback: Float32Array,
): Promise<Pruning | undefined> {
  const { budgetBytes } = run.options.exportConfig;
  const { model } = search;
  const pruned = fitToBudget(model, budgetBytes);
  if (pruned === model || !isNeighbourModel(pruned)) return undefined;
  const ndcg = `ndcg@${parseMetricName(run.options.train.metric).k}`;
  const pruning: Pruning = {
    budgetBytes,
    neighboursPerItem: pruned.neighboursPerItem,
    bytesBefore: model.fragment.bytes,
    bytesAfter: pruned.fragment.bytes,
    ndcgBefore: meanMetric(await rankSplit(run, model, "validation", fallback), ndcg),
    ndcgAfter: meanMetric(search.evaluation, ndcg),
  };
  run.emit({ type: "pruned", kind: model.kind, ...pruning });
  return pruning;
}

/** Fits each trainer's best setting on train and validation events and ranks the test users once. */
async function refitAll(run: TrainingRun, searches: readonly SearchResult[]): Promise<RefitResult[]> {
  const { hooks, options } = run;
  const interactions = selectFitEvents(run.dataset, "test");
  const refits: RefitResult[] = [];
  let fallback: Float32Array | undefined;
  for (const { planned, hyperparameters } of searches) {
    const { trainer } = planned;
    const { kind } = trainer;
    checkAborted(kind, hooks.signal);
    const startMs = hooks.now();
    const tensors = await trainer.fit(interactions, hyperparameters, {
      seed: options.seed,
      signal: hooks.signal,
      createSession: hooks.createSession,
      onEpoch: (epoch) => run.emit({ type: "epoch", kind, phase: "refit", ...epoch }),
    });
    checkFinite(kind, tensors);
    const model = fitToBudget(trainer.restore(hyperparameters, tensors), options.exportConfig.budgetBytes);
    const fitMs = hooks.now() - startMs;
    run.emit({ type: "fitted", kind, fitMs, bytes: model.fragment.bytes });
    fallback ??= scoreNobody(model);
    const evaluation = await rankSplit(run, model, "test", fallback);
    emitRanked(run, kind, "test", evaluation);
    refits.push({ model, fitMs, evaluation });
  }
  return refits;
}

function assemble(
  run: TrainingRun,
  searches: readonly SearchResult[],
  refits: readonly RefitResult[],
  choice: Choice,
  pruning: Pruning | undefined,
  users: TrainingManifest["users"],
): TrainingResult {
  const { options, dataset } = run;
  const [baselineRefit] = refits as [RefitResult, ...RefitResult[]];
  const models = searches.map((search, at) =>
    describeModel(search, refits[at]!, at === 0 ? undefined : baselineRefit.evaluation, run.bootstrap),
  );
  return {
    manifest: {
      schemaVersion: 1,
      key: trainingKey(dataset.manifest.key, options),
      datasetKey: dataset.manifest.key,
      seed: options.seed,
      metric: options.train.metric,
      baseline: baseline.kind,
      chosen: choice.kind,
      reason: choice.reason,
      users,
      models,
      ...(pruning && { pruning }),
    },
    chosen: refits.find((refit) => refit.model.kind === choice.kind)!.model,
    popularity: baselineRefit.model,
    popularityScores: scoreNobody(baselineRefit.model),
  };
}

function emitRanked(
  run: TrainingRun,
  kind: string,
  split: "validation" | "test",
  evaluation: SearchResult["evaluation"],
): void {
  const { metric } = run.options.train;
  const value = meanMetric(evaluation, metric);
  run.emit({ type: "ranked", kind, split, users: evaluation.users.length, metric, value });
}
