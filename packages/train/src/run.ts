/** What every step of one training run shares. */
import type { CreateSession, Dataset, TaskName } from "@attune/contracts";
import type { ExportConfig, TrainConfig } from "@attune/contracts/config";
import type { BootstrapOptions } from "@attune/metrics";
import type { TrainingEvent } from "./events.ts";
import type { FittedModel } from "./model.ts";
import type { Evaluation, JudgedSplit, Metric } from "./task.ts";
import type { Family, Hyperparameters, Trainer } from "./trainer.ts";

export interface TrainOptions<T extends TaskName = TaskName> {
  readonly seed: number;
  readonly train: TrainConfig<T>;
  readonly exportConfig: ExportConfig<T>;
}

export interface TrainHooks {
  /** The engine that judges, and trains what trains on ONNX Runtime; training chooses none itself. */
  readonly createSession: CreateSession;
  /** Milliseconds from any fixed moment. For the record, and for `train.budget.minutes`. */
  readonly now: () => number;
  readonly onEvent?: ((event: TrainingEvent) => void) | undefined;
  /** Stops the run between two steps with `TRAIN_ABORTED`. */
  readonly signal?: AbortSignal | undefined;
}

/** Units by what they decide. */
export interface JudgedUnits {
  /** Half of the validation units: settings of one trainer are compared on them. */
  readonly tuning: Int32Array;
  /** The other half: models are compared on them. */
  readonly choosing: Int32Array;
  readonly test: Int32Array;
}

export interface Run<T extends TaskName> {
  readonly family: Family<T>;
  readonly dataset: Dataset<T>;
  readonly options: TrainOptions<T>;
  readonly hooks: TrainHooks;
  readonly emit: (event: TrainingEvent) => void;
  readonly units: JudgedUnits;
  readonly metric: Metric;
  /** Bytes that weights are shrunk to; absent where the task has no budget. */
  readonly sizeBudget: number | undefined;
  readonly bootstrap: BootstrapOptions;
}

/** A trainer's best setting, and its model fitted on train events only. */
export interface SearchResult<T extends TaskName> {
  readonly trainer: Trainer<T>;
  readonly hyperparameters: Hyperparameters;
  /** Unpruned, of the first seed. */
  readonly model: FittedModel<T>;
  readonly trials: readonly {
    readonly hyperparameters: Hyperparameters;
    readonly value: number;
    readonly seed: number;
  }[];
  readonly seeds: readonly number[];
  /** On the choosing units, within the size budget, mean over the seeds. */
  readonly evaluation: Evaluation;
  readonly searchMs: number;
}

/** Judges a model on some units; `baseline` is that of the same stage, the model itself for the baseline. */
export function judge<T extends TaskName>(
  run: Run<T>,
  model: FittedModel<T>,
  baseline: FittedModel<T>,
  on: { readonly split: JudgedSplit; readonly units: Int32Array },
): Promise<Evaluation> {
  const { family, dataset, options, hooks, emit } = run;
  const { kind } = model;
  return family.task.judge(model, dataset, {
    ...on,
    baseline,
    train: options.train,
    seed: options.seed,
    createSession: hooks.createSession,
    signal: hooks.signal,
    onProgress: (done, total) => emit({ type: "judging", kind, split: on.split, done, total }),
  });
}

/** Mean of the deciding metric over the judged units. */
export function meanOf(evaluation: Evaluation, { name }: Metric): number {
  const values = evaluation.perUnit[name]!;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
