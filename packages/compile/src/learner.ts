/** What learns in a training: the problem, the stepper that holds its state, and how far it has come. */
import { AttuneError } from "@attune/contracts";
import { findNotFinite } from "./not-finite.ts";
import { type TrainingProblem, withWeights } from "./problem.ts";
import { noProgress, type Progress } from "./progress.ts";
import type { BackendChoice } from "./stepper/start-stepper.ts";
import type { Stepper } from "./stepper/stepper.ts";
import type { Batch, Numbers, Sizes, State } from "./tensors.ts";

/** Makes a stepper for a form of the problem; the backend is chosen. */
export type CreateStepper = (problem: TrainingProblem) => Promise<Stepper>;

export interface LearnerParts {
  readonly problem: TrainingProblem;
  readonly stepper: Stepper;
  readonly createStepper: CreateStepper;
  readonly choice: BackendChoice;
  readonly seed: number;
  /** The optimizer's. */
  readonly learningRate: number;
}

export class Learner {
  readonly seed: number;
  readonly learningRate: number;
  readonly choice: BackendChoice;
  progress: Progress = noProgress;
  /** The state of `progress.best`, where early stopping will go back to it. */
  bestState: State | undefined;
  readonly #createStepper: CreateStepper;
  #problem: TrainingProblem;
  #stepper: Stepper;

  constructor({ problem, stepper, createStepper, choice, seed, learningRate }: LearnerParts) {
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
    if (!Number.isFinite(numbers.loss)) throw await this.#toNotFinite(batch, step);
    this.progress = { ...this.progress, step };
    return numbers;
  }

  /** Goes back to the last state that is good. `step` was not taken. */
  async #toNotFinite(batch: Batch, step: number): Promise<AttuneError> {
    const { isFromStepBefore, ...found } = findNotFinite(await this.#stepper.readState(), batch);
    if (isFromStepBefore && this.#stepper.undo()) {
      const { batch: taken } = this.progress;
      this.progress = { ...this.progress, step: step - 2, batch: Math.max(0, taken - 1) };
    }
    const badStep = isFromStepBefore ? Math.max(1, step - 1) : step;
    return new AttuneError("TRAIN_NOT_FINITE", { kind: this.#problem.name, step: badStep, ...found });
  }
}
