/** Rows of the training manifest: one model's figures. */
import type { TrainedModel } from "@attune/contracts/manifest";
import {
  type BootstrapOptions,
  compareEvaluations,
  type EvaluationResult,
  summarizeEvaluation,
} from "@attune/metrics";
import type { FittedModel } from "../trainer.ts";
import type { SearchResult } from "./search.ts";

export interface RefitResult {
  /** As shipped: fitted on train and validation events, within the size budget. */
  readonly model: FittedModel;
  readonly fitMs: number;
  /** On the test users. */
  readonly evaluation: EvaluationResult;
}

/** @param baselineTest - the baseline's test figures; absent for the baseline itself. */
export function describeModel(
  search: SearchResult,
  refit: RefitResult,
  baselineTest: EvaluationResult | undefined,
  options: BootstrapOptions,
): TrainedModel {
  const test = summarizeEvaluation(refit.evaluation, options);
  return {
    kind: refit.model.kind,
    description: refit.model.description,
    hyperparameters: { ...search.hyperparameters },
    trials: search.trials.map(({ hyperparameters, value }) => ({
      hyperparameters: { ...hyperparameters },
      value,
    })),
    validation: { ...summarizeEvaluation(search.evaluation, options).metrics },
    test: { ...test.metrics, ...describeCatalogue(refit.evaluation) },
    ...(baselineTest && {
      differenceToBaseline: compareEvaluations(refit.evaluation, baselineTest, options),
    }),
    slices: test.slices,
    fitMs: refit.fitMs,
    bytes: refit.model.fragment.bytes,
  };
}

/** `coverage@k` and `novelty@k` are figures of all lists together: their interval is the value itself. */
function describeCatalogue(evaluation: EvaluationResult): TrainedModel["test"] {
  return Object.fromEntries(
    Object.entries(evaluation.catalogue).map(([name, value]) => [
      name,
      { value, lower: value, upper: value },
    ]),
  );
}
