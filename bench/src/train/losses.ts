/** Equal losses are the evidence that all engines do the same math. */

/** Losses of the first steps, by engine. A slow engine has fewer. */
export type LossCurves = Readonly<Record<string, readonly number[]>>;

/** The largest relative difference between two engines at one step. */
export interface LossDifference {
  readonly relative: number;
  readonly step: number;
  /** The engines with the lowest and the highest loss there. */
  readonly engines: readonly [low: string, high: string];
}

/** At each step `(highest − lowest) / |lowest|`, the largest of all steps; a loss that is not finite counts as infinite. */
export function findLargestDifference(curves: LossCurves): LossDifference | undefined {
  let largest: LossDifference | undefined;
  const stepCount = Math.max(0, ...Object.values(curves).map(({ length }) => length));
  for (let step = 0; step < stepCount; step++) {
    const difference = differenceAt(curves, step);
    if (difference && (largest === undefined || difference.relative > largest.relative)) largest = difference;
  }
  return largest;
}

function differenceAt(curves: LossCurves, step: number): LossDifference | undefined {
  const losses = Object.entries(curves).flatMap(([engine, curve]) =>
    step < curve.length ? [{ engine, loss: curve[step]! }] : [],
  );
  const odd = losses.find(({ loss }) => !Number.isFinite(loss));
  if (odd !== undefined) {
    return { relative: Number.POSITIVE_INFINITY, step, engines: [odd.engine, odd.engine] };
  }
  const ordered = losses.toSorted((a, b) => a.loss - b.loss);
  const [low, high] = [ordered[0], ordered.at(-1)];
  if (low === undefined || high === undefined || ordered.length < 2) return undefined;
  const relative = (high.loss - low.loss) / Math.abs(low.loss);
  return { relative, step, engines: [low.engine, high.engine] };
}
