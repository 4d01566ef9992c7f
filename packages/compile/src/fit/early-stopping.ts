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
  /** `undefined` as long as no pass had a finite number. */
  readonly best: BestEpoch | undefined;
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
  const sign = mode === "max" ? 1 : -1;
  const isBest = Number.isFinite(value) && (best === undefined || sign * (value - best.value) > minDelta);
  const next = isBest ? { epoch, value } : best;
  return { best: next, isBest, stops: epoch - (next?.epoch ?? 0) >= Math.max(1, patience) };
}
