/** The whole of `train`: search, choose, refit, test, release. Reads a dataset, writes nothing, prints nothing. */
import { AttuneError, type Dataset, type TaskName } from "@attune/contracts";
import type { Pruning, TrainingManifest } from "@attune/contracts/manifest";
import { type Choice, chooseModel } from "./choosing/choose.ts";
import { describeModel, type RefitResult } from "./describe-model.ts";
import { trainingKey } from "./key.ts";
import { type FittedModel, shrinkModel } from "./model.ts";
import type { ModelPair } from "./model-pair.ts";
import { checkAborted } from "./pause.ts";
import { halveUnits } from "./plan/halves.ts";
import { type Plan, planTraining } from "./plan/plan.ts";
import { measurePruning } from "./pruning.ts";
import { fitStage } from "./refit.ts";
import { judge, meanOf, type Run, type SearchResult, type TrainHooks, type TrainOptions } from "./run.ts";
import { searchTrainer } from "./search/search.ts";
import type { Data, Metric, Stage, Task } from "./task.ts";
import type { Family } from "./trainer.ts";

export interface TrainingResult<T extends TaskName = TaskName> {
  /** Every figure; `saveTraining` adds the files. */
  readonly manifest: Omit<TrainingManifest<T>, "files">;
  /** Fitted on train and validation: what the test figures are of. */
  readonly measured: ModelPair<T>;
  /** The chosen settings fitted on everything: what is exported. */
  readonly released: ModelPair<T>;
}

/**
 * Trains the family's models, chooses one, and fits it for release.
 *
 * Settings are tuned on one half of the validation units and models compared on the other, by the graph that would be
 * shipped, within the size budget. The best of each trainer is fitted again with the validation events and judged on the
 * test units once. Test events take part in nothing else, but for the release: the chosen settings, fitted on everything.
 *
 * @throws {AttuneError} `TRAIN_NO_TRAINER`, `TRAIN_UNKNOWN_KIND`, `TRAIN_CONFIG`, `TRAIN_METRIC`, `TRAIN_UNFIT`,
 * `EXPORT_TOO_LARGE` before any work; `TRAIN_NOT_FINITE`, `TRAIN_ABORTED`, and what `createSession` throws.
 */
export async function trainModels<T extends TaskName>(
  family: Family<T>,
  dataset: Dataset<T>,
  options: TrainOptions<T>,
  hooks: TrainHooks,
): Promise<TrainingResult<T>> {
  checkAborted("train", hooks.signal);
  const { task } = family;
  const metric = findMetric(task, options);
  const data = selectStages(task, dataset);
  const shapes = {
    search: task.shape(data.search),
    refit: task.shape(data.refit),
    release: task.shape(data.release),
  };
  const plan = planTraining(family, dataset, options, shapes);
  const run = createRun(family, dataset, options, hooks, metric);
  const { tuning, choosing, test } = run.units;
  const units = { tuning: tuning.length, choosing: choosing.length, test: test.length };
  run.emit({
    type: "planned",
    models: plan.models.map((model) => model.projection),
    leftOut: plan.leftOut,
    units,
  });

  const searches = await searchAll(run, plan, data.search);
  const contenders = searches.map(({ trainer, evaluation }) => ({
    kind: trainer.kind,
    title: trainer.title,
    evaluation,
  }));
  const choice = chooseModel(contenders, metric, run.bootstrap);
  run.emit({ type: "chosen", kind: choice.kind, reason: choice.reason });
  const chosen = searches.find(({ trainer }) => trainer.kind === choice.kind)!;
  const searchedBaseline = shrinkModel(searches[0]!.model, run.sizeBudget);
  const pruning = await measurePruning(run, chosen, searchedBaseline);

  const refits = await refitAll(run, searches, data.refit);
  const measured = {
    chosen: refits[searches.indexOf(chosen)]!.model,
    baseline: refits[0]!.model,
    schema: task.schema(data.refit),
  };
  const released = await release(run, searches[0]!, chosen, data.release);
  const manifest = describeRun(run, plan, { searches, refits, choice, pruning, data });
  return { manifest, measured, released };
}

function findMetric<T extends TaskName>(task: Task<T>, { train }: TrainOptions<T>): Metric {
  const known = task.metrics(train);
  const metric = known.find(({ name }) => name === train.metric);
  if (metric !== undefined) return metric;
  const supported = known.map(({ name }) => name);
  throw new AttuneError("TRAIN_METRIC", { metric: train.metric, task: task.name, supported });
}

function selectStages<T extends TaskName>(task: Task<T>, dataset: Dataset<T>): Record<Stage, Data<T>> {
  return {
    search: task.select(dataset, "search"),
    refit: task.select(dataset, "refit"),
    release: task.select(dataset, "release"),
  };
}

function createRun<T extends TaskName>(
  family: Family<T>,
  dataset: Dataset<T>,
  options: TrainOptions<T>,
  hooks: TrainHooks,
  metric: Metric,
): Run<T> {
  const { task } = family;
  const { seed, train, exportConfig } = options;
  return {
    family,
    dataset,
    options,
    hooks,
    emit: (event) => hooks.onEvent?.(event),
    units: { ...halveUnits(task.units(dataset, "validation"), seed), test: task.units(dataset, "test") },
    metric,
    sizeBudget: task.sizeBudget(exportConfig),
    bootstrap: { samples: train.bootstrapSamples, seed },
  };
}

async function searchAll<T extends TaskName>(
  run: Run<T>,
  plan: Plan<T>,
  data: Data<T>,
): Promise<SearchResult<T>[]> {
  const schema = run.family.task.schema(data);
  const searches: SearchResult<T>[] = [];
  let baseline: FittedModel<T> | undefined;
  for (const planned of plan.models) {
    const search = await searchTrainer(run, { planned, data, schema, baseline });
    baseline ??= shrinkModel(search.model, run.sizeBudget);
    searches.push(search);
    emitJudged(run, planned.trainer.kind, "validation", search.evaluation);
  }
  return searches;
}

/** Fits each trainer's best setting on train and validation events and judges the test units once. */
async function refitAll<T extends TaskName>(
  run: Run<T>,
  searches: readonly SearchResult<T>[],
  data: Data<T>,
): Promise<RefitResult<T>[]> {
  const schema = run.family.task.schema(data);
  const refits: RefitResult<T>[] = [];
  for (const search of searches) {
    const { model, fitMs } = await fitStage(run, search, { stage: "refit", data, schema });
    const baseline = refits[0]?.model ?? model;
    const evaluation = await judge(run, model, baseline, { split: "test", units: run.units.test });
    emitJudged(run, search.trainer.kind, "test", evaluation);
    refits.push({ model, fitMs, evaluation });
  }
  return refits;
}

async function release<T extends TaskName>(
  run: Run<T>,
  baselineSearch: SearchResult<T>,
  chosenSearch: SearchResult<T>,
  data: Data<T>,
): Promise<ModelPair<T>> {
  const schema = run.family.task.schema(data);
  const stage = { stage: "release", data, schema } as const;
  const { model: baseline } = await fitStage(run, baselineSearch, stage);
  if (chosenSearch === baselineSearch) return { chosen: baseline, baseline, schema };
  return { chosen: (await fitStage(run, chosenSearch, stage)).model, baseline, schema };
}

interface Findings<T extends TaskName> {
  readonly searches: readonly SearchResult<T>[];
  readonly refits: readonly RefitResult<T>[];
  readonly choice: Choice;
  readonly pruning: Pruning | undefined;
  readonly data: Readonly<Record<Stage, Data<T>>>;
}

function describeRun<T extends TaskName>(
  run: Run<T>,
  plan: Plan<T>,
  { searches, refits, choice, pruning, data }: Findings<T>,
): Omit<TrainingManifest<T>, "files"> {
  const { options, dataset, metric, bootstrap, units, family } = run;
  const { budget, seeds } = options.train;
  const models = searches.map((search, at) =>
    describeModel(search, refits[at]!, at === 0 ? undefined : refits[0]!.evaluation, bootstrap),
  );
  const manifest = {
    schemaVersion: 2,
    task: family.task.name,
    key: trainingKey(dataset.manifest.key, options, family.trainers),
    datasetKey: dataset.manifest.key,
    seed: options.seed,
    metric: metric.name,
    better: metric.better,
    unit: family.task.unit(dataset),
    baseline: searches[0]!.trainer.kind,
    chosen: choice.kind,
    reason: choice.reason,
    challenges: [...choice.challenges],
    budget: {
      trials: budget.trials,
      seeds,
      ...(budget.minutes !== undefined && { minutes: budget.minutes }),
    },
    leftOut: plan.leftOut.map(({ kind, reasons }) => ({ kind, reasons: [...reasons] })),
    units: { tuning: units.tuning.length, choosing: units.choosing.length, test: units.test.length },
    measured: family.task.counts(data.refit),
    released: family.task.counts(data.release),
    models,
    ...(pruning && { pruning }),
  };
  // The union's member for T, which TypeScript cannot pick while T is open.
  return manifest as unknown as Omit<TrainingManifest<T>, "files">;
}

function emitJudged<T extends TaskName>(
  run: Run<T>,
  kind: string,
  split: "validation" | "test",
  evaluation: SearchResult<T>["evaluation"],
): void {
  const value = meanOf(evaluation, run.metric);
  run.emit({ type: "judged", kind, split, units: evaluation.units.length, metric: run.metric.name, value });
}
