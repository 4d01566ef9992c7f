/** A training under way: steps, measures, and the state in between. */
import { AttuneError } from "@attune/contracts";
import * as tf from "@tensorflow/tfjs-core";
import { checkBatch } from "./data/check-batch.ts";
import type { TrainingProblem } from "./problem.ts";
import type { BackendChoice } from "./stepper/choose-backend.ts";
import type { Batch, Numbers, State, Stepper } from "./stepper/stepper.ts";

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

export interface Training {
  /** Which backend trains, and why. */
  readonly backend: BackendChoice;
  /** Steps taken so far. */
  readonly stepCount: number;
  /**
   * Takes one step on one batch.
   *
   * @throws {AttuneError} `TRAIN_DATA` for a batch that does not fit, `TRAIN_NOT_FINITE`, `RUNTIME_RUN`; the state stays
   * as after the last good step.
   */
  step(batch: Batch, options?: StepOptions): Promise<StepResult>;
  /** A copy of variables, other state and the optimizer's slots, by name. */
  state(): Promise<State>;
  /** Gives the tfjs variables the values they have by now. */
  writeBack(): Promise<void>;
  /** Frees the backend's memory. The tfjs variables stay as they are. */
  close(): Promise<void>;
}

export interface TrainingParts {
  readonly problem: TrainingProblem;
  readonly stepper: Stepper;
  readonly choice: BackendChoice;
  readonly seed: number;
  readonly learningRate: number;
}

export function createTraining(parts: TrainingParts): Training {
  const { problem, stepper, choice } = parts;
  const { name: kind, signature } = problem;
  let stepCount = 0;

  return {
    backend: choice,
    get stepCount() {
      return stepCount;
    },
    async step(batch, { learningRate = parts.learningRate } = {}) {
      const sizes = checkBatch(kind, signature, batch);
      const step = stepCount + 1;
      const numbers = await stepper.step({ batch, sizes, learningRate, step });
      if (!Number.isFinite(numbers.loss)) {
        throw new AttuneError("TRAIN_NOT_FINITE", { kind, what: "the loss", step });
      }
      stepCount = step;
      return toResult(step, numbers);
    },
    state: () => stepper.readState(),
    async writeBack() {
      const state = await stepper.readState();
      for (const [name, variable] of Object.entries({ ...problem.variables, ...problem.state })) {
        const { data, dims, dtype } = state[name] as State[string];
        tf.tidy(() => variable.assign(tf.tensor(data as Float32Array, [...dims], dtype as "float32")));
      }
    },
    close: () => stepper.close(),
  };
}

function toResult(step: number, { loss, ...metrics }: Numbers): StepResult {
  return { step, loss, metrics };
}
