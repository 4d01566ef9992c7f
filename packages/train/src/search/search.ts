/** Finds a trainer's best setting: fits on train events, judges on the tuning units, all as shipped. */
import type { TaskName } from "@attune/contracts";
import { hashBytes } from "@attune/store";
import { checkFinite } from "../finite.ts";
import { type FittedModel, shrinkModel } from "../model.ts";
import { checkAborted } from "../pause.ts";
import type { PlannedModel } from "../plan/plan.ts";
import { judge, meanOf, type Run, type SearchResult } from "../run.ts";
import { writeSafetensors } from "../safetensors.ts";
import type { Data, FeatureSchema } from "../task.ts";
import type { Checkpoint, FitHooks, Hyperparameters } from "../trainer.ts";
import { averageEvaluations } from "./average.ts";

interface Trial<T extends TaskName> {
  readonly hyperparameters: Hyperparameters;
  readonly model: FittedModel<T>;
  readonly value: number;
}

/** A fit stops after this many checkpoints in a row that are no better than its best. */
const patience = 2;

export interface SearchInput<T extends TaskName> {
  readonly planned: PlannedModel<T>;
  /** Train events only. */
  readonly data: Data<T>;
  readonly schema: FeatureSchema;
  /** The baseline's model, which is searched first; absent while it is. */
  readonly baseline: FittedModel<T> | undefined;
}

/** Tunes on one half of the validation units, then looks at the other half, over several seeds where starts are random. */
export async function searchTrainer<T extends TaskName>(
  run: Run<T>,
  input: SearchInput<T>,
): Promise<SearchResult<T>> {
  const { trainer } = input.planned;
  const { seed, train } = run.options;
  const startMs = run.hooks.now();
  const { best, trials } = await tune(run, input, startMs);
  const seeds = Array.from({ length: trainer.seeded ? train.seeds : 1 }, (_, at) => seed + at);
  const evaluations = [];
  for (const start of seeds) {
    const model = start === seed ? best.model : await fitAgain(run, input, best.hyperparameters, start);
    evaluations.push(await judgeShipped(run, input, shrinkModel(model, run.sizeBudget), "choosing"));
  }
  return {
    trainer,
    hyperparameters: best.hyperparameters,
    model: best.model,
    trials,
    seeds,
    evaluation: averageEvaluations(evaluations),
    searchMs: run.hooks.now() - startMs,
  };
}

async function tune<T extends TaskName>(
  run: Run<T>,
  input: SearchInput<T>,
  startMs: number,
): Promise<{ readonly best: Trial<T>; readonly trials: SearchResult<T>["trials"] }> {
  const { trainer, candidates } = input.planned;
  const { kind } = trainer;
  const { seed, train } = run.options;
  const log = createTrialLog(run, input);
  const isSpent = () => {
    const { trials, minutes = Number.POSITIVE_INFINITY } = train.budget;
    if (log.trials.length === 0) return false;
    return log.trials.length >= trials || run.hooks.now() - startMs > minutes * 60_000;
  };

  if (trainer.fitAll !== undefined) {
    let trial = 0;
    const fits = trainer.fitAll(input.data, candidates, hooksOf(run, kind, seed));
    for await (const { config, tensors } of fits) {
      await log.add({ hyperparameters: config, tensors }, ++trial);
      if (isSpent()) break;
    }
  } else {
    for (const [index, candidate] of candidates.entries()) {
      if (isSpent()) break;
      checkAborted(kind, run.hooks.signal);
      const gains: number[] = [];
      const tensors = await trainer.fit(input.data, candidate, {
        ...hooksOf(run, kind, seed),
        onCheckpoint: async (checkpoint) => {
          gains.push(await log.add(checkpoint, index + 1));
          return !isSpent() && gains.length - 1 - gains.indexOf(Math.max(...gains)) < patience;
        },
      });
      if (gains.length === 0) await log.add({ hyperparameters: candidate, tensors }, index + 1);
    }
  }
  // Every trainer has at least one candidate, and every candidate at least one trial.
  return { best: log.best()!, trials: log.trials };
}

interface TrialLog<T extends TaskName> {
  readonly trials: SearchResult<T>["trials"];
  best(): Trial<T> | undefined;
  /** Judges a setting on the tuning units. @returns its figure, turned so that more is better. */
  add(checkpoint: Checkpoint, trial: number): Promise<number>;
}

/** Settings that ship the same weights, since the size budget leaves no more of them, are judged once. */
function createTrialLog<T extends TaskName>(run: Run<T>, input: SearchInput<T>): TrialLog<T> {
  const { trainer, candidates } = input.planned;
  const { kind } = trainer;
  const { seed } = run.options;
  const sign = run.metric.better === "higher" ? 1 : -1;
  const trials: { hyperparameters: Hyperparameters; value: number; seed: number }[] = [];
  const judged = new Map<string, number>();
  let best: Trial<T> | undefined;

  async function judgeOnce(model: FittedModel<T>): Promise<number> {
    const shipped = shrinkModel(model, run.sizeBudget);
    const key = model.shrinkTo && hashBytes(writeSafetensors(shipped.tensors())).sha256;
    const known = key === undefined ? undefined : judged.get(key);
    const value = known ?? meanOf(await judgeShipped(run, input, shipped, "tuning"), run.metric);
    if (key !== undefined) judged.set(key, value);
    return value;
  }

  return {
    trials,
    best: () => best,
    async add({ hyperparameters, tensors }, trial) {
      checkFinite(kind, tensors);
      const model = trainer.restore(hyperparameters, tensors, input.schema);
      const value = await judgeOnce(model);
      const isBest = best === undefined || sign * value > sign * best.value;
      if (isBest) best = { hyperparameters, model, value };
      trials.push({ hyperparameters, value, seed });
      const metric = run.metric.name;
      const about = { kind, trial, trials: candidates.length, hyperparameters, metric, value };
      run.emit({ type: "trial", ...about, best: isBest });
      return sign * value;
    },
  };
}

async function fitAgain<T extends TaskName>(
  run: Run<T>,
  { planned, data, schema }: SearchInput<T>,
  hyperparameters: Hyperparameters,
  seed: number,
): Promise<FittedModel<T>> {
  const { trainer } = planned;
  checkAborted(trainer.kind, run.hooks.signal);
  const tensors = await trainer.fit(data, hyperparameters, hooksOf(run, trainer.kind, seed));
  checkFinite(trainer.kind, tensors);
  return trainer.restore(hyperparameters, tensors, schema);
}

function judgeShipped<T extends TaskName>(
  run: Run<T>,
  { baseline }: SearchInput<T>,
  shipped: FittedModel<T>,
  half: "tuning" | "choosing",
) {
  return judge(run, shipped, baseline ?? shipped, { split: "validation", units: run.units[half] });
}

function hooksOf<T extends TaskName>(run: Run<T>, kind: string, seed: number): FitHooks {
  const { signal, createSession } = run.hooks;
  const base = { type: "fitting", kind, stage: "search" } as const;
  return {
    seed,
    signal,
    createSession,
    onEpoch: ({ epoch, epochs, loss }) => run.emit({ ...base, done: epoch, total: epochs, loss }),
    onProgress: (done, total) => run.emit({ ...base, done, total }),
  };
}
