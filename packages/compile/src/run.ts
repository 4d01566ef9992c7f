/** What the parts of one training share: the problem, the stepper that holds its state, and how far it has come. */

import { AttuneError } from "@attune/contracts";
import type { Sizes } from "./data/check-batch.ts";
import { throwNotFinite } from "./not-finite.ts";
import type { TrainingProblem } from "./problem.ts";
import { withWeights } from "./problem.ts";
import { noProgress, type Progress } from "./progress.ts";
import type { BackendChoice } from "./stepper/choose-backend.ts";
import type { Batch, Numbers, State, Stepper } from "./stepper/stepper.ts";

/** Makes a stepper for a form of the problem; the backend is chosen. */
export type CreateStepper = (problem: TrainingProblem) => Promise<Stepper>;

export interface RunParts {
  readonly problem: TrainingProblem;
  readonly stepper: Stepper;
  readonly createStepper: CreateStepper;
  readonly choice: BackendChoice;
  readonly seed: number;
  /** The optimizer's. */
  readonly learningRate: number;
}

export class TrainingRun {
  readonly seed: number;
  readonly learningRate: number;
  readonly choice: BackendChoice;
  progress: Progress = noProgress;
  /** The state of `progress.best`, where early stopping will go back to it. */
  bestState: State | undefined;
  readonly #createStepper: CreateStepper;
  #problem: TrainingProblem;
  #stepper: Stepper;

  constructor({ problem, stepper, createStepper, choice, seed, learningRate }: RunParts) {
    this.#problem = problem;
    this.#stepper = stepper;
    this.#createStepper = createStepper;
    this.choice = choice;
    this.seed = seed;
    this.learningRate = learningRate;
  }

  /** As it is trained now: with weights of rows once they were asked for. */
  get problem(): TrainingProblem {
    return this.#problem;
  }

  get stepper(): Stepper {
    return this.#stepper;
  }

  get isWeighted(): boolean {
    return Object.keys(this.#problem.weights).some((name) => name in this.#problem.signature);
  }

  /** From now on batches have weights of rows. The step is made anew, the state moves over. */
  async useWeights(): Promise<void> {
    if (this.isWeighted) return;
    const problem = withWeights(this.#problem);
    const stepper = await this.#createStepper(problem);
    await stepper.loadState(await this.#stepper.readState());
    await this.#stepper.close();
    this.#stepper = stepper;
    this.#problem = problem;
  }

  /**
   * One step on a batch that was checked.
   *
   * @throws {AttuneError} `TRAIN_NOT_FINITE`, and what the engine throws; the state stays as after the last good step.
   */
  async takeStep(batch: Batch, sizes: Sizes, learningRate: number): Promise<Numbers> {
    const step = this.progress.step + 1;
    if (!Number.isFinite(learningRate)) {
      const issues = [`the learning rate of step ${step} is ${learningRate}, expected a finite number`];
      throw new AttuneError("TRAIN_OPTIONS", { kind: this.#problem.name, issues });
    }
    const numbers = await this.#stepper.step({ batch, sizes, learningRate, step });
    if (!Number.isFinite(numbers.loss)) await throwNotFinite(this, batch, step);
    this.progress = { ...this.progress, step };
    return numbers;
  }
}
