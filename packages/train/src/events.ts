/** What `trainModels` tells while it works. Enough for a progress bar with totals. */
import type { Pruning } from "@attune/contracts/manifest";
import type { JudgedSplit, Stage } from "./task.ts";
import type { Hyperparameters } from "./trainer.ts";

export type TrainingEvent =
  | {
      /** Once, before anything is fitted. */
      readonly type: "planned";
      readonly models: readonly ModelProjection[];
      readonly leftOut: readonly LeftOut[];
      readonly units: { readonly tuning: number; readonly choosing: number; readonly test: number };
    }
  | {
      /** Part of a fit. `unit` is what is counted. */
      readonly type: "fitting";
      readonly kind: string;
      readonly stage: Stage;
      readonly done: number;
      readonly total: number;
      /** Mean over the epoch's rows, for trainers that take epochs. */
      readonly loss?: number;
    }
  | {
      readonly type: "judging";
      readonly kind: string;
      readonly split: JudgedSplit;
      readonly done: number;
      readonly total: number;
    }
  | {
      /** One setting was judged on the tuning units. Checkpoints of one fit share `trial`. */
      readonly type: "trial";
      readonly kind: string;
      /** From 1 to `trials`. */
      readonly trial: number;
      readonly trials: number;
      readonly hyperparameters: Hyperparameters;
      readonly metric: string;
      readonly value: number;
      /** Best of its trainer so far. */
      readonly best: boolean;
    }
  | {
      /** The best setting of a trainer was fitted on more than the train events. */
      readonly type: "fitted";
      readonly kind: string;
      readonly stage: "refit" | "release";
      readonly fitMs: number;
      readonly bytes: number;
    }
  | {
      /** A trainer's best model on the choosing units, or on the test. */
      readonly type: "judged";
      readonly kind: string;
      readonly split: JudgedSplit;
      readonly units: number;
      readonly metric: string;
      readonly value: number;
    }
  | { readonly type: "chosen"; readonly kind: string; readonly reason: string }
  | ({ readonly type: "pruned"; readonly kind: string } & Pruning);

export interface ModelProjection {
  readonly kind: string;
  readonly title: string;
  /** Largest weights of any setting, after shrinking to the budget, and what every file holds besides. */
  readonly bytes: number;
  /** Settings that will be fitted. */
  readonly trials: number;
}

/** A trainer that nobody asked for by name and that does not fit the data. */
export interface LeftOut {
  readonly kind: string;
  /** What it would need, one line each. */
  readonly reasons: readonly string[];
}
