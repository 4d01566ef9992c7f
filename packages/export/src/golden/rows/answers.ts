/** What the trainer's own code answers to raw rows, by task. Shares no code with the graphs, on purpose. */
import type { PredictionByTask, PredictTask } from "@attune/contracts";
import type { ClassifyModel, HierarchicalModel, RegressModel, ScoringModel } from "@attune/features";
import { type RawRow, tableOf } from "../raw-rows.ts";

type Answer<T extends PredictTask> = (
  model: ScoringModel<T>,
  rows: readonly RawRow[],
) => readonly PredictionByTask[T][];

const answers: { readonly [T in PredictTask]: Answer<T> } = {
  classify: answerClasses,
  regress: answerNumbers,
  hierarchical: answerPosteriors,
};

/** One answer a row, from `model.predict`. */
export function answerRows<T extends PredictTask>(
  task: T,
  model: ScoringModel<T>,
  rows: readonly RawRow[],
): readonly PredictionByTask[T][] {
  return answers[task](model, rows);
}

function answerClasses(
  model: ClassifyModel,
  rows: readonly RawRow[],
): readonly PredictionByTask["classify"][] {
  const { classes, columns } = model.fragment;
  const probabilities = model.predict(tableOf(rows, columns));
  return rows.map((_, r) => {
    const own = classes.map((_, c) => probabilities[r * classes.length + c]!);
    return {
      label: classes[own.indexOf(Math.max(...own))] ?? "",
      probabilities: Object.fromEntries(classes.map((name, c) => [name, own[c]!])),
    };
  });
}

function answerNumbers(model: RegressModel, rows: readonly RawRow[]): readonly PredictionByTask["regress"][] {
  const { value, lower, upper } = model.predict(tableOf(rows, model.fragment.columns));
  return rows.map((_, r) => ({
    value: value[r]!,
    ...(lower && { lower: lower[r]! }),
    ...(upper && { upper: upper[r]! }),
  }));
}

function answerPosteriors(
  model: HierarchicalModel,
  rows: readonly RawRow[],
): readonly PredictionByTask["hierarchical"][] {
  const { columns, drawCount } = model.fragment;
  const draws = model.predict(tableOf(rows, columns));
  return rows.map((row, r) => {
    const own = draws.slice(r * drawCount, (r + 1) * drawCount).sort();
    return {
      mean: own.reduce((sum, draw) => sum + draw, 0) / drawCount,
      lower: quantile(own, 0.025),
      upper: quantile(own, 0.975),
      level: levelOf(row, model.fragment),
    };
  });
}

/** Linear between order statistics. @see Hyndman & Fan 1996, definition 7. */
function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const [from, to] = [sorted[Math.floor(position)]!, sorted[Math.ceil(position)]!];
  return from + (to - from) * (position % 1);
}

/** The finest level that is known with all wider ones. */
function levelOf(row: RawRow, { levels, columns }: HierarchicalModel["fragment"]): string {
  let finest = "population";
  for (const level of levels) {
    const known = columns.find(({ name }) => name === level)?.levels ?? [];
    const value = row[level];
    if (typeof value !== "string" || !known.includes(value)) break;
    finest = level;
  }
  return finest;
}
