/** A training under way: steps, fits, measures, and the state in between. */
import { AttuneError } from "@attune/contracts";
import * as tf from "@tensorflow/tfjs-core";
import { createCheckpoint, restoreCheckpoint, type TrainingCheckpoint } from "./checkpoint.ts";
import { checkBatch } from "./data/check-batch.ts";
import { fillWeights } from "./data/class-weights.ts";
import { openSource } from "./data/open-source.ts";
import { type Data, readData } from "./data/read-data.ts";
import type { Stream } from "./data/source.ts";
import { fitLearner, type History } from "./fit/fit.ts";
import { measureSource } from "./fit/measure-source.ts";
import type { BatchOptions, FitOptions } from "./fit/options.ts";
import type { Learner } from "./learner.ts";
import type { BackendChoice } from "./stepper/start-stepper.ts";
import type { Numbers, State } from "./tensors.ts";

export interface StepResult {
  /** Counted from 1 over the whole training. */
  readonly step: number;
  /** Before the step. */
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
}

export interface StepOptions {
  /** Default: the optimizer's. */
  readonly learningRate?: number;
}

/**
 * Its methods are called one at a time: `TRAIN_OPTIONS` while another is under way, `RUNTIME_CLOSED` after `close()`.
 */
export interface Training {
  /** Which backend trains, and why. */
  readonly backend: BackendChoice;
  /** Steps taken so far. */
  readonly stepCount: number;
  /**
   * Trains up to `epochs` passes over the data and writes the outcome into the tfjs variables. When it throws, the
   * training stays as after the last good step and can go on from there.
   *
   * @throws {AttuneError} `TRAIN_OPTIONS` and `TRAIN_DATA` with every problem, `TRAIN_NOT_FINITE` with the step and the
   * tensor, `TRAIN_ABORTED`, and what the engine throws.
   */
  fit(data: Data | Stream, options?: FitOptions): Promise<History>;
  /**
   * Takes one step on one batch.
   *
   * @throws {AttuneError} `TRAIN_DATA` for a batch that does not fit, `TRAIN_NOT_FINITE`, `RUNTIME_RUN`.
   */
  step(batch: Data, options?: StepOptions): Promise<StepResult>;
  /**
   * Loss and metrics without dropout and with moving statistics; means over rows.
   *
   * @throws {AttuneError} `TRAIN_DATA`
   */
  evaluate(data: Data | Stream, options?: BatchOptions): Promise<Numbers>;
  /** A copy of variables, other state and the optimizer's slots, by name. */
  state(): Promise<State>;
  /** The training as plain data, to go on with in another process or on another backend. */
  checkpoint(): Promise<TrainingCheckpoint>;
  /** @throws {AttuneError} `TRAIN_CHECKPOINT` with everything that does not fit; nothing is changed then. */
  restore(checkpoint: TrainingCheckpoint): Promise<void>;
  /** Gives the tfjs variables the values they have by now. */
  writeBack(): Promise<void>;
  /** Frees the backend's memory. The tfjs variables stay as they are. */
  close(): Promise<void>;
}

export function createTraining(learner: Learner): Training {
  const exclusive = createGate(learner.problem.name);
  return {
    backend: learner.choice,
    get stepCount() {
      return learner.progress.step;
    },
    fit: (data, options = {}) =>
      exclusive(async () => {
        const history = await fitLearner(learner, data, options);
        await writeBack(learner);
        return history;
      }),
    step: (data, options = {}) => exclusive(() => stepByHand(learner, data, options)),
    evaluate: (data, options = {}) =>
      exclusive(async () => measureSource(learner, await openSource(learner, data, options))),
    state: () => exclusive(() => learner.stepper.readState()),
    checkpoint: () => exclusive(() => createCheckpoint(learner)),
    restore: (checkpoint) => exclusive(() => restoreCheckpoint(learner, checkpoint)),
    writeBack: () => exclusive(() => writeBack(learner)),
    close: () => exclusive.close(() => learner.stepper.close()),
  };
}

async function stepByHand(learner: Learner, data: Data, options: StepOptions): Promise<StepResult> {
  let batch = learner.problem.prepare(await readData(data));
  const weightNames = Object.keys(learner.problem.weights);
  if (weightNames.some((name) => name in batch)) await learner.useWeights();
  if (learner.isWeighted) batch = fillWeights(batch, weightNames, Object.values(batch)[0]?.dims?.[0] ?? 0);
  const sizes = checkBatch(learner.problem, batch);
  const { loss, ...metrics } = await learner.takeStep(
    batch,
    sizes,
    options.learningRate ?? learner.learningRate,
  );
  return { step: learner.progress.step, loss, metrics };
}

async function writeBack({ problem, stepper }: Learner): Promise<void> {
  const state = await stepper.readState();
  tf.tidy(() => {
    for (const [name, variable] of Object.entries({ ...problem.variables, ...problem.state })) {
      const { data, dims, dtype } = state[name] as State[string];
      variable.assign(tf.tensor(data as Float32Array, [...dims], dtype as "float32"));
    }
  });
}

/** Lets one call through at a time, and none after `close`. */
function createGate(kind: string) {
  let isBusy = false;
  let closing: Promise<void> | undefined;
  async function enter<Result>(act: () => Promise<Result>): Promise<Result> {
    if (closing) throw new AttuneError("RUNTIME_CLOSED", { what: `the training ${kind}` });
    if (isBusy) {
      const issues = ["another call of this training is under way; wait for it first"];
      throw new AttuneError("TRAIN_OPTIONS", { kind, issues });
    }
    isBusy = true;
    try {
      return await act();
    } finally {
      isBusy = false;
    }
  }
  return Object.assign(enter, {
    close(act: () => Promise<void>): Promise<void> {
      closing ??= act();
      return closing;
    },
  });
}
