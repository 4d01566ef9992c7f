/** Ends a training that no longer gets better. */
import type { BestEpoch, EpochNumbers } from "../progress.ts";

export interface EarlyStopping {
  /** A number of the passes, such as `loss`, `val_loss` or `val_acc`. Default `val_loss`. */
  readonly monitor?: string;
  /** Passes in a row without progress that end it. Default 1. */
  readonly patience?: number;
  /** Progress is more than this. Default 0. */
  readonly minDelta?: number;
  /** Whether lower or higher is better. Default: higher for accuracy, precision and recall, lower for all else. */
  readonly mode?: "min" | "max";
  /** Go back to the best state in the end. Default true. */
  readonly restoreBest?: boolean;
}

export interface Verdict {
  readonly best: BestEpoch;
  /** Whether this pass is the best. */
  readonly isBest: boolean;
  readonly stops: boolean;
}

/** @returns `undefined` when the numbers have no such name. */
export function judgeEpoch(
  options: EarlyStopping,
  epoch: number,
  numbers: EpochNumbers,
  best: BestEpoch | undefined,
): Verdict | undefined {
  const { monitor = "val_loss", patience = 1, minDelta = 0 } = options;
  const value = numbers[monitor];
  if (value === undefined) return undefined;
  const mode = options.mode ?? (/acc|precision|recall/i.test(monitor) ? "max" : "min");
  const gain =
    best === undefined ? Number.POSITIVE_INFINITY : mode === "max" ? value - best.value : best.value - value;
  const isBest = gain > minDelta;
  const next = best === undefined || isBest ? { epoch, value } : best;
  return { best: next, isBest, stops: epoch - next.epoch >= patience };
}
