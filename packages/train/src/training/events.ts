/** What `trainModels` tells while it works. Enough for a progress bar with totals. */
import type { Pruning } from "@attune/contracts/manifest";
import type { RankedSplit } from "@attune/recommenders";
import type { Hyperparameters } from "../trainer.ts";

export type TrainingEvent =
  | {
      /** Once, before anything is fitted. */
      readonly type: "projected";
      readonly models: readonly ModelProjection[];
      readonly users: Readonly<Record<RankedSplit, number>>;
    }
  | {
      readonly type: "epoch";
      readonly kind: string;
      readonly phase: "search" | "refit";
      readonly epoch: number;
      readonly epochs: number;
      /** Mean over the epoch's users. */
      readonly loss: number;
    }
  | {
      /** One setting was ranked on the validation users. Checkpoints of one fit share `trial`. */
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
      /** The best setting of a trainer was fitted on train and validation events. */
      readonly type: "fitted";
      readonly kind: string;
      readonly fitMs: number;
      readonly bytes: number;
    }
  | {
      /** A trainer's best model on the users of a split. */
      readonly type: "ranked";
      readonly kind: string;
      readonly split: RankedSplit;
      readonly users: number;
      readonly metric: string;
      readonly value: number;
    }
  | { readonly type: "chosen"; readonly kind: string; readonly reason: string }
  | ({ readonly type: "pruned"; readonly kind: string } & Pruning);

export interface ModelProjection {
  readonly kind: string;
  readonly title: string;
  /** Largest weights of any setting, after pruning to the budget, and the item ids. */
  readonly bytes: number;
  /** Settings that will be fitted. */
  readonly trials: number;
}
