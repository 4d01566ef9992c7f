/** Formulas for the sizes of several traces. */
import { type Expression, type Sizes, solveExpression, unknownExpression } from "../graph/expression.ts";
import type { Trace } from "./trace.ts";

/** The expression that gives these numbers, one per trace. */
export type Solve = (values: readonly number[], isWhole: boolean) => Expression | undefined;

/** Products of unknown sizes are looked for among this many. */
const maxFactors = 4;

/**
 * Sizes that follow no formula of the symbols, such as ⌈length / 2⌉, become symbols of their own: the graph reads them off
 * the value that has them, and other sizes may follow them.
 *
 * @param sizes - of the symbols, one entry per trace.
 */
export function createSolver(traces: readonly Trace[], sizes: Sizes): Solve {
  const unknown: (readonly number[])[] = [];

  function sizesOf(places: readonly number[], base: Sizes): Sizes {
    return base.map((size, trace) => ({
      ...size,
      ...Object.fromEntries(
        places.map((at) => [unknownExpression(String(at)).symbols[0], unknown[at]?.[trace] ?? 0]),
      ),
    }));
  }

  const solve: Solve = (values, isWhole) => {
    const solved = solveExpression(values, sizes, isWhole);
    if (solved !== undefined || unknown.length === 0) return solved;
    const places = [...unknown.keys()];
    const empty = sizes.map(() => ({}));
    for (const at of places) {
      const alone = solveExpression(values, sizesOf([at], empty), isWhole);
      if (alone !== undefined) return alone;
    }
    return places.length > maxFactors ? undefined : solveExpression(values, sizesOf(places, sizes), isWhole);
  };

  // In the order of the trace: a size comes before those that follow it.
  for (const { dims, id } of traces[0]?.recorder.values ?? []) {
    for (const axis of dims.keys()) {
      const values = traces.map(({ recorder }) => recorder.values[id]?.dims[axis] ?? -1);
      if (solve(values, true) === undefined) unknown.push(values);
    }
  }
  return solve;
}
