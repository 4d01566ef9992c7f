import { expect, test } from "vitest";
import type { BestEpoch } from "../progress.ts";
import { type EarlyStopping, judgeEpoch } from "./early-stopping.ts";

/** Number of passes until it stops, and the best one. */
function run(
  options: EarlyStopping,
  values: readonly number[],
): { epochs: number; best: number | undefined } {
  let best: BestEpoch | undefined;
  for (const [at, value] of values.entries()) {
    const verdict = judgeEpoch(options, at + 1, { loss: 0, val_loss: value, val_acc: value }, best);
    best = verdict?.best;
    if (verdict?.stops) return { epochs: at + 1, best: best?.epoch };
  }
  return { epochs: values.length, best: best?.epoch };
}

test.each<[EarlyStopping, number[], number, number]>([
  [{}, [3, 2, 2, 1], 3, 2],
  [{ patience: 2 }, [3, 2, 2, 1, 1, 1, 0], 6, 4],
  [{ minDelta: 0.5 }, [3, 2.6, 2, 1], 2, 1],
  [{ monitor: "val_acc" }, [0.1, 0.3, 0.2, 0.9], 3, 2],
  [{ monitor: "val_acc", mode: "min" }, [0.1, 0.3], 2, 1],
  [{ patience: 9 }, [3, 4, 5], 3, 1],
  [{ patience: 2 }, [Number.NaN, 4, Number.NaN, 3, 5, 6], 6, 4],
])("%j over %j ends after %i, the best being %i", (options, values, epochs, best) => {
  expect(run(options, values)).toEqual({ epochs, best });
});

test("numbers that are never finite end it, and no pass is the best", () => {
  expect(run({ patience: 2 }, [Number.NaN, Number.POSITIVE_INFINITY, 1])).toEqual({
    epochs: 2,
    best: undefined,
  });
});

test("a number that there is not", () => {
  expect(judgeEpoch({ monitor: "auc" }, 1, { loss: 1 }, undefined)).toBeUndefined();
});
