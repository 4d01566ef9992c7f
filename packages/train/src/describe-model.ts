/** Rows of the training manifest: one model's figures. */
import type { TaskName } from "@attune/contracts";
import type { Estimate, TrainedModel } from "@attune/contracts/manifest";
import { type BootstrapOptions, bootstrapDifferences, bootstrapMeans } from "@attune/metrics";
import type { FittedModel } from "./model.ts";
import type { SearchResult } from "./run.ts";
import type { Evaluation } from "./task.ts";

export interface RefitResult<T extends TaskName> {
  /** Fitted on train and validation, within the size budget. */
  readonly model: FittedModel<T>;
  readonly fitMs: number;
  /** On the test units. */
  readonly evaluation: Evaluation;
}

/** @param baselineTest - the baseline's test figures; absent for the baseline itself. */
export function describeModel<T extends TaskName>(
  search: SearchResult<T>,
  refit: RefitResult<T>,
  baselineTest: Evaluation | undefined,
  options: BootstrapOptions,
): TrainedModel {
  return {
    kind: search.trainer.kind,
    description: refit.model.description,
    hyperparameters: { ...search.hyperparameters },
    trials: search.trials.map((trial) => ({ ...trial, hyperparameters: { ...trial.hyperparameters } })),
    seeds: [...search.seeds],
    validation: estimateAll(search.evaluation, options),
    test: estimateAll(refit.evaluation, options),
    ...(baselineTest && {
      differenceToBaseline: bootstrapDifferences(refit.evaluation.perUnit, baselineTest.perUnit, options),
    }),
    slices: Object.fromEntries(
      Object.entries(refit.evaluation.slices).map(([name, { unitCount, perUnit }]) => [
        name,
        { units: unitCount, metrics: unitCount === 0 ? {} : bootstrapMeans(perUnit, options) },
      ]),
    ),
    fitMs: refit.fitMs,
    searchMs: search.searchMs,
    bytes: refit.model.fragment.bytes,
  };
}

function estimateAll(evaluation: Evaluation, options: BootstrapOptions): Record<string, Estimate> {
  return { ...bootstrapMeans(evaluation.perUnit, options), ...evaluation.statistics() };
}
