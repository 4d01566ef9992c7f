/** One evaluation out of those of several seeds: what a unit gets from a model whose start is random, on average. */
import type { Evaluation, EvaluationSlice } from "../task.ts";

/** @param evaluations - at least one, on the same units. */
export function averageEvaluations(evaluations: readonly Evaluation[]): Evaluation {
  const [first, ...rest] = evaluations as [Evaluation, ...Evaluation[]];
  if (rest.length === 0) return first;
  const slices = Object.entries(first.slices).map(([name, slice]): [string, EvaluationSlice] => [
    name,
    { ...slice, perUnit: averageColumns(evaluations.map((one) => one.slices[name]!.perUnit)) },
  ]);
  return {
    units: first.units,
    perUnit: averageColumns(evaluations.map((one) => one.perUnit)),
    statistics: () => averageStatistics(evaluations),
    slices: Object.fromEntries(slices),
  };
}

/** Intervals of single seeds do not add up to one of their mean. */
function averageStatistics(evaluations: readonly Evaluation[]): ReturnType<Evaluation["statistics"]> {
  const all = evaluations.map((one) => one.statistics());
  return Object.fromEntries(
    Object.keys(all[0]!).map((name) => [name, { value: mean(all.map((one) => one[name]!.value)) }]),
  );
}

type Columns = Readonly<Record<string, Float64Array>>;

function averageColumns(all: readonly Columns[]): Columns {
  const [first] = all as [Columns];
  return Object.fromEntries(
    Object.entries(first).map(([name, values]) => [
      name,
      values.map((_, unit) => mean(all.map((columns) => columns[name]![unit]!))),
    ]),
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
