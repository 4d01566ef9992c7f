/** What every step of one training run shares. */
import type { CreateSession, Dataset } from "@attune/contracts";
import type { ExportConfig, TrainConfig } from "@attune/contracts/config";
import type { BootstrapOptions, EvaluationResult } from "@attune/metrics";
import { parseMetricName } from "@attune/metrics";
import { neighboursWithin } from "@attune/recommenders";
import { rankUsers } from "@attune/recommenders";
import { createRankingTask, type RankedSplit, type RankingTask } from "@attune/recommenders";
import { type FittedModel, isNeighbourModel } from "../trainer.ts";
import type { TrainingEvent } from "./events.ts";

export interface TrainOptions {
  readonly seed: number;
  readonly train: TrainConfig;
  readonly exportConfig: ExportConfig;
}

export interface TrainHooks {
  /** The engine that ranks, and trains what trains on ONNX Runtime; training chooses none itself. */
  readonly createSession: CreateSession;
  /** Milliseconds from any fixed moment. Only differences are used, and only for the record. */
  readonly now: () => number;
  readonly onEvent?: ((event: TrainingEvent) => void) | undefined;
  /** Stops the run between two steps with `TRAIN_ABORTED`. */
  readonly signal?: AbortSignal | undefined;
}

export interface TrainingRun {
  readonly dataset: Dataset;
  readonly options: TrainOptions;
  readonly hooks: TrainHooks;
  readonly emit: (event: TrainingEvent) => void;
  readonly tasks: Readonly<Record<RankedSplit, RankingTask>>;
  readonly cutoffs: readonly number[];
  readonly bootstrap: BootstrapOptions;
}

export function createRun(dataset: Dataset, options: TrainOptions, hooks: TrainHooks): TrainingRun {
  const { train, seed } = options;
  return {
    dataset,
    options,
    hooks,
    emit: (event) => hooks.onEvent?.(event),
    tasks: {
      validation: createRankingTask(dataset, "validation"),
      test: createRankingTask(dataset, "test"),
    },
    cutoffs: [...new Set([...train.cutoffs, parseMetricName(train.metric).k])],
    bootstrap: { samples: train.bootstrapSamples, seed },
  };
}

/** Ranks the users of a split. Users without history get `fallback`, as from the artifact. */
export function rankSplit(
  run: TrainingRun,
  model: FittedModel,
  split: RankedSplit,
  fallback: Float32Array,
): Promise<EvaluationResult> {
  const { createSession, signal } = run.hooks;
  return rankUsers(model, run.tasks[split], { createSession, cutoffs: run.cutoffs, fallback, signal });
}

/** The model as it would be shipped: within the budget if it can shrink. */
export function fitToBudget(model: FittedModel, budgetBytes: number): FittedModel {
  if (!isNeighbourModel(model)) return model;
  return model.prune(neighboursWithin(budgetBytes, model.fragment.itemCount));
}
