/** What `fit` tells while it works. */
import type { EpochRecord } from "../progress.ts";

export type FitEvent =
  | {
      readonly type: "step";
      /** From 1. */
      readonly epoch: number;
      /** From 1, of this pass. */
      readonly batch: number;
      /** `undefined` for a stream, whose end nobody knows. */
      readonly batchCount: number | undefined;
      /** From 1, of the whole training. */
      readonly step: number;
      readonly learningRate: number;
      /** Before the step. */
      readonly loss: number;
      readonly metrics: Readonly<Record<string, number>>;
    }
  | ({ readonly type: "epoch"; readonly epochs: number } & EpochRecord)
  | {
      /** Early stopping has ended it. */
      readonly type: "stopped";
      readonly epoch: number;
      readonly bestEpoch: number | undefined;
      readonly reason: string;
    };
