/** What a trainer is, what it hands back, and what it may ask of its caller. */
import type { CreateSession, Interactions, Tensor } from "@attune/contracts";
import type { ScoringModel } from "@attune/features";
import type * as z from "zod";

/** Named weights: what is saved, and all that is needed besides the config to restore a model. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** Hyperparameters as plain JSON values. */
export type Hyperparameters = Readonly<Record<string, unknown>>;

/** The size of what is to be fitted; known before anything is trained. */
export interface DatasetShape {
  readonly userCount: number;
  readonly itemCount: number;
  readonly eventCount: number;
  /** Newest minus oldest event in days; 0 where the source has no time. */
  readonly spanDays: number;
}

/** A model that can be saved and shipped. */
export interface FittedModel extends ScoringModel {
  /** The weights as saved. `trainer.restore(hyperparameters, tensors())` gives the same model. */
  tensors(): Tensors;
}

/** A model that keeps a fixed number of neighbours per item, and may keep fewer. */
export interface NeighbourModel extends FittedModel {
  readonly neighboursPerItem: number;
  /** The same model with the `neighboursPerItem` heaviest neighbours of each item; itself when it has no more. */
  prune(neighboursPerItem: number): NeighbourModel;
}

/** Asks the model, not its kind. */
export function isNeighbourModel(model: FittedModel): model is NeighbourModel {
  return "prune" in model;
}

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
  /** One pass over the users is done; only iterative trainers call it. */
  readonly onEpoch?: ((epoch: { epoch: number; epochs: number; loss: number }) => void) | undefined;
  /**
   * Called by iterative trainers at their checkpoints, the last state included.
   *
   * @returns `false` to stop there.
   */
  readonly onCheckpoint?: ((checkpoint: Checkpoint) => Promise<boolean>) | undefined;
}

/**
 * A way to get from interactions to scores. A trainer is a value; `trainers` lists them all.
 *
 * `Config` is what `configSchema` gives: complete, defaults filled in.
 */
export interface Trainer<Config extends Hyperparameters = Hyperparameters> {
  /** Its name in `train.models` of the config. */
  readonly kind: string;
  /** Its name in reports. */
  readonly title: string;
  /** One sentence for the model card. */
  readonly summary: string;
  readonly configSchema: z.ZodType<Config>;
  /** Whether its models are `NeighbourModel`s, which shrink to a size budget. */
  readonly prunes: boolean;
  /**
   * The settings to try, the most ordinary first. A hyperparameter in `fixed` is not searched.
   *
   * @throws {AttuneError} `TRAIN_CONFIG` when `fixed` does not fit the schema, `TRAIN_TOO_LARGE` when a fit would need
   * more memory than the trainer allows itself.
   */
  candidates(shape: DatasetShape, fixed: Hyperparameters): readonly Config[];
  /** Bytes of the weights a fit would give, unpruned. */
  projectBytes(shape: DatasetShape, config: Config): number;
  /**
   * Fits on every event given. Same interactions, config and seed: the same bytes.
   *
   * @throws {AttuneError} `TRAIN_TOO_LARGE` before allocating, `TRAIN_NOT_FINITE`, `TRAIN_ABORTED`.
   */
  fit(interactions: Interactions, config: Config, hooks: FitHooks): Promise<Tensors>;
  /** A model from its weights. */
  restore(config: Config, tensors: Tensors): FittedModel;
}

/** Checks a trainer against its own config's type, and forgets that type so that trainers fit one list. */
export function defineTrainer<Config extends Hyperparameters>(trainer: Trainer<Config>): Trainer {
  // Sound because a config only ever comes from the same trainer's schema.
  return trainer as unknown as Trainer;
}
