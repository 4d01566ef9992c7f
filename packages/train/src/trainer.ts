/** What a trainer is, what it hands back, and what it may ask of its caller. */
import type { CreateSession, TaskName } from "@attune/contracts";
import type * as z from "zod";
import type { FittedModel, Tensors } from "./model.ts";
import type { Need } from "./need.ts";
import type { Data, FeatureSchema, Shape, Task } from "./task.ts";

/** Hyperparameters as plain JSON values. */
export type Hyperparameters = Readonly<Record<string, unknown>>;

/** A state on the way of an iterative trainer that could be shipped as it is. */
export interface Checkpoint {
  /** Fitting with these hyperparameters from the start gives exactly `tensors`. */
  readonly hyperparameters: Hyperparameters;
  readonly tensors: Tensors;
}

export interface FitHooks {
  /** Seeds initial weights, shuffling and dropout. */
  readonly seed: number;
  /** Honoured between steps. */
  readonly signal?: AbortSignal | undefined;
  /** Opens ONNX Runtime for trainers that train on it; without it they ask for another backend. */
  readonly createSession?: CreateSession | undefined;
  /** One pass over the data is done; only iterative trainers call it. */
  readonly onEpoch?: ((epoch: { epoch: number; epochs: number; loss: number }) => void) | undefined;
  /** Part of a long fit is done; for a progress line. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /**
   * Called by iterative trainers at their checkpoints, the last state included.
   *
   * @returns `false` to stop there.
   */
  readonly onCheckpoint?: ((checkpoint: Checkpoint) => Promise<boolean>) | undefined;
}

/**
 * A way to get from a task's data to its answers. A trainer is a value; one list holds those of a program.
 *
 * `Config` is what `configSchema` gives: complete, defaults filled in.
 */
export interface Trainer<T extends TaskName = TaskName, Config extends Hyperparameters = Hyperparameters> {
  /** Its name in `train.models` of the config. */
  readonly kind: string;
  readonly task: T;
  /** Raised whenever the same data, config and seed would give other weights: earlier results are then made anew. */
  readonly version: number;
  /** Its name in reports. */
  readonly title: string;
  /** One sentence for the model card. */
  readonly summary: string;
  /** Its place from simple to complex: a model must clearly beat the simpler holder. The lowest is the baseline. */
  readonly complexity: number;
  /** Default: nothing. */
  readonly needs?: readonly Need[];
  /** Whether the seed changes the weights; such trainers are compared over several. */
  readonly seeded: boolean;
  readonly configSchema: z.ZodType<Config>;
  /**
   * The settings to try, the most ordinary first. A hyperparameter in `fixed` is taken as it
   * is; checkpoints may still end a fit early.
   *
   * @throws {AttuneError} `TRAIN_CONFIG` when `fixed` does not fit the schema.
   */
  candidates(shape: Shape<T>, fixed: Hyperparameters): readonly Config[];
  /** Why data of this size cannot be fitted, and what it would need, one line each; empty when it can. Default: always. */
  check?(shape: Shape<T>, config: Config): readonly string[];
  /** Multiply-adds of one fit, roughly. A trainer nobody asked for is left out beyond `workLimit`. Default 0. */
  work?(shape: Shape<T>, config: Config): number;
  /** Bytes of the weights a fit would ship, shrunk to the budget if its models can. */
  projectBytes(shape: Shape<T>, config: Config, budgetBytes: number): number;
  /**
   * Fits on everything given. Same data, config and seed: the same bytes.
   *
   * @throws {AttuneError} `TRAIN_TOO_LARGE` before allocating, `TRAIN_NOT_FINITE`, `TRAIN_ABORTED`.
   */
  fit(data: Data<T>, config: Config, hooks: FitHooks): Promise<Tensors>;
  /** What `fit` gives for each config, bit for bit, sharing what they have in common. Default: one fit each. */
  fitAll?(
    data: Data<T>,
    configs: readonly Config[],
    hooks: FitHooks,
  ): AsyncGenerator<{ readonly config: Config; readonly tensors: Tensors }>;
  /** A model from its weights. */
  restore(config: Config, tensors: Tensors, schema: FeatureSchema): FittedModel<T>;
}

/** Checks a trainer against its own config's type, and forgets that type so that trainers fit one list. */
export function defineTrainer<T extends TaskName, Config extends Hyperparameters>(
  trainer: Trainer<T, Config>,
): Trainer<T> {
  // Sound because a config only ever comes from the same trainer's schema.
  return trainer as unknown as Trainer<T>;
}

/** A task and the trainers that serve it: what `trainModels` is given. */
export interface Family<T extends TaskName> {
  readonly task: Task<T>;
  readonly trainers: readonly Trainer<T>[];
}

/** The trainers from simple to complex; equals in the order given. */
export function orderTrainers<T extends TaskName>(trainers: readonly Trainer<T>[]): readonly Trainer<T>[] {
  return trainers.toSorted((a, b) => a.complexity - b.complexity);
}
