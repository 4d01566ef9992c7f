/** Fits chosen settings on more than the train events: once to be measured on the test, once to be released. */
import type { TaskName } from "@attune/contracts";
import { checkFinite } from "./finite.ts";
import { type FittedModel, shrinkModel } from "./model.ts";
import { checkAborted } from "./pause.ts";
import type { Run, SearchResult } from "./run.ts";
import type { Data, FeatureSchema } from "./task.ts";

export interface StageData<T extends TaskName> {
  readonly stage: "refit" | "release";
  readonly data: Data<T>;
  readonly schema: FeatureSchema;
}

/** The model as it would be shipped: within the size budget. */
export async function fitStage<T extends TaskName>(
  run: Run<T>,
  { trainer, hyperparameters }: Pick<SearchResult<T>, "trainer" | "hyperparameters">,
  { stage, data, schema }: StageData<T>,
): Promise<{ readonly model: FittedModel<T>; readonly fitMs: number }> {
  const { hooks, options, emit } = run;
  const { kind } = trainer;
  checkAborted(kind, hooks.signal);
  const startMs = hooks.now();
  const tensors = await trainer.fit(data, hyperparameters, {
    seed: options.seed,
    signal: hooks.signal,
    createSession: hooks.createSession,
    onEpoch: ({ epoch, epochs, loss }) =>
      emit({ type: "fitting", kind, stage, done: epoch, total: epochs, loss }),
    onProgress: (done, total) => emit({ type: "fitting", kind, stage, done, total }),
  });
  checkFinite(kind, tensors);
  const model = shrinkModel(trainer.restore(hyperparameters, tensors, schema), run.sizeBudget);
  const fitMs = hooks.now() - startMs;
  emit({ type: "fitted", kind, stage, fitMs, bytes: model.fragment.bytes });
  return { model, fitMs };
}
