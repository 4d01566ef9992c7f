/** Finds a trainer's best setting: fits on train events, ranks validation users, all as shipped. */
import type { Interactions } from "@attune/contracts";
import type { EvaluationResult } from "@attune/metrics";
import { checkAborted } from "../pause.ts";
import type { Checkpoint, FittedModel, Hyperparameters } from "../trainer.ts";
import { meanMetric } from "./choose.ts";
import { checkFinite } from "./finite.ts";
import type { PlannedModel } from "./plan.ts";
import { fitToBudget, rankSplit, type TrainingRun } from "./run.ts";

export interface SearchResult {
  readonly planned: PlannedModel;
  readonly hyperparameters: Hyperparameters;
  /** Fitted on train events only, unpruned. */
  readonly model: FittedModel;
  /** On the validation users, within the size budget. */
  readonly evaluation: EvaluationResult;
  readonly trials: readonly { readonly hyperparameters: Hyperparameters; readonly value: number }[];
}

interface Trial {
  readonly hyperparameters: Hyperparameters;
  readonly model: FittedModel;
  readonly evaluation: EvaluationResult;
  readonly value: number;
}

/** A fit stops after this many checkpoints in a row that are no better than its best. */
const patience = 2;

/**
 * @param fallback - scores for users without history; the baseline, which is searched first, has its own.
 */
export async function searchTrainer(
  run: TrainingRun,
  planned: PlannedModel,
  interactions: Interactions,
  fallback: Float32Array | undefined,
): Promise<SearchResult> {
  const { trainer, candidates } = planned;
  const { signal } = run.hooks;
  const trials: { hyperparameters: Hyperparameters; value: number }[] = [];
  const found: { best?: Trial } = {};

  const tryCheckpoint = async (checkpoint: Checkpoint, trial: number): Promise<number> => {
    const tried = await rankCheckpoint(run, planned, checkpoint, fallback);
    const { hyperparameters, value } = tried;
    const isBest = found.best === undefined || value > found.best.value;
    if (isBest) found.best = tried;
    trials.push({ hyperparameters, value });
    const { metric } = run.options.train;
    const { kind } = trainer;
    run.emit({
      type: "trial",
      kind,
      trial,
      trials: candidates.length,
      hyperparameters,
      metric,
      value,
      best: isBest,
    });
    return value;
  };

  for (const [index, candidate] of candidates.entries()) {
    checkAborted(trainer.kind, signal);
    const values: number[] = [];
    const tensors = await trainer.fit(interactions, candidate, {
      seed: run.options.seed,
      signal,
      createSession: run.hooks.createSession,
      onEpoch: (epoch) => run.emit({ type: "epoch", kind: trainer.kind, phase: "search", ...epoch }),
      onCheckpoint: async (checkpoint) => {
        values.push(await tryCheckpoint(checkpoint, index + 1));
        return values.length - 1 - values.indexOf(Math.max(...values)) < patience;
      },
    });
    if (values.length === 0) await tryCheckpoint({ hyperparameters: candidate, tensors }, index + 1);
  }
  // Every trainer has at least one candidate, and every candidate at least one trial.
  const { hyperparameters, model, evaluation } = found.best!;
  return { planned, hyperparameters, model, evaluation, trials };
}

async function rankCheckpoint(
  run: TrainingRun,
  { trainer }: PlannedModel,
  checkpoint: Checkpoint,
  fallback: Float32Array | undefined,
): Promise<Trial> {
  const { hyperparameters, tensors } = checkpoint;
  checkFinite(trainer.kind, tensors);
  const model = trainer.restore(hyperparameters, tensors);
  const shipped = fitToBudget(model, run.options.exportConfig.budgetBytes);
  const evaluation = await rankSplit(run, shipped, "validation", fallback ?? scoreNobody(model));
  return { hyperparameters, model, evaluation, value: meanMetric(evaluation, run.options.train.metric) };
}

/** What a model answers to an empty history. */
export function scoreNobody(model: FittedModel): Float32Array {
  return model.score(new Int32Array(0), new Float32Array(0));
}
