/** How far a training has come: plain numbers, all that a resumed training needs beside the tensors. */

/** Means over a pass: `loss` and the metrics, and with `val_` before them those of the validation data. */
export type EpochNumbers = Readonly<Record<string, number>> & { readonly loss: number };

export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  /** Steps of the whole training when it ended. */
  readonly step: number;
  readonly numbers: EpochNumbers;
}

/** The best pass so far, in the eyes of early stopping. */
export interface BestEpoch {
  readonly epoch: number;
  readonly value: number;
}

export interface Progress {
  /** Steps taken. */
  readonly step: number;
  /** Whole passes over the data. */
  readonly epoch: number;
  /** Batches taken of the pass under way. */
  readonly batch: number;
  /** Rows of these batches, and sums over them. */
  readonly rows: number;
  readonly sums: Readonly<Record<string, number>>;
  readonly history: readonly EpochRecord[];
  readonly best: BestEpoch | undefined;
  /** Early stopping has ended it. */
  readonly isStopped: boolean;
}

export const noProgress: Progress = {
  step: 0,
  epoch: 0,
  batch: 0,
  rows: 0,
  sums: {},
  history: [],
  best: undefined,
  isStopped: false,
};
