/** What the tasks that learn from rows have in common: stages, units, and judging by the fragment that will be shipped. */
import { type Dataset, type PredictTask, takeColumn, takeRows } from "@attune/contracts";
import type { Estimate } from "@attune/contracts/manifest";
import type { FittedModel } from "../model.ts";
import type { Data, Evaluation, JudgeOptions, Metric, RowData, Shape, Task } from "../task.ts";
import { measureRows, rowsOfUnits, rowUnits, schemaOfRows, selectRows } from "./row-data.ts";
import { type RunnableFragment, runRows } from "./run-fragment.ts";

/** What differs between the tasks. */
export interface RowTaskSpec<T extends PredictTask> {
  readonly name: T;
  /** Any of them may decide. */
  readonly metrics: readonly Metric[];
  /** The model's fragment with named outputs. */
  runnable(model: FittedModel<T>): RunnableFragment;
  /** Metric → `[rows]`. */
  measure(
    outputs: Readonly<Record<string, Float64Array>>,
    target: RowData["target"],
  ): Record<string, Float64Array>;
  /** Figures of all rows together. */
  statistics?(
    outputs: Readonly<Record<string, Float64Array>>,
    target: RowData["target"],
    options: { readonly unitOf: Int32Array; readonly samples: number; readonly seed: number },
  ): Record<string, Estimate>;
}

export function createRowTask<T extends PredictTask>(spec: RowTaskSpec<T>): Task<T> {
  const rowsOf = (dataset: Dataset<T>) => (dataset as Dataset<PredictTask>).rows;
  const levelsOf = (dataset: Dataset<T>) => {
    const any = dataset as Dataset<PredictTask>;
    return any.task === "hierarchical" ? any.levels : undefined;
  };
  return {
    name: spec.name,
    unit: (dataset) => (rowsOf(dataset).groups === undefined ? "row" : "group"),
    metrics: () => spec.metrics,
    sizeBudget: () => undefined,
    // All row tasks share one kind of data; TypeScript does not resolve the lookup while T is open.
    select: (dataset, stage) => selectRows(rowsOf(dataset), stage, levelsOf(dataset)) as Data<T>,
    shape: (data) => measureRows(data as RowData) as Shape<T>,
    schema: (data) => schemaOfRows(data as RowData),
    lacks: (_, need) => `needs ${need} of events; the task ${spec.name} has rows`,
    counts: (data) => countRows(data as RowData) as ReturnType<Task<T>["counts"]>,
    sharedBytes: (dataset) => measureLevels(rowsOf(dataset)),
    units: (dataset, split) => rowUnits(rowsOf(dataset), split),
    judge: (model, dataset, options) => judgeRows(spec, model, rowsOf(dataset), options),
  };
}

async function judgeRows<T extends PredictTask>(
  spec: RowTaskSpec<T>,
  model: FittedModel<T>,
  data: Dataset<PredictTask>["rows"],
  options: JudgeOptions<T>,
): Promise<Evaluation> {
  const { units, split, createSession, signal, onProgress, seed, train } = options;
  const { rows, unitOf } = rowsOfUnits(data, split, units);
  const { kind } = model;
  const outputs = await runRows(spec.runnable(model), takeRows(data.table, rows), {
    kind,
    createSession,
    signal,
    onProgress,
  });
  const target = takeColumn(data.target, rows);
  const perRow = Object.entries(spec.measure(outputs, target));
  const resampling = { unitOf, samples: train.bootstrapSamples, seed };
  return {
    units,
    perUnit: Object.fromEntries(
      perRow.map(([name, values]) => [name, meanByUnit(values, unitOf, units.length)]),
    ),
    statistics: () => spec.statistics?.(outputs, target, resampling) ?? {},
    slices: {},
  };
}

/** Rows of one group count together: its figure is their mean. */
function meanByUnit(values: Float64Array, unitOf: Int32Array, unitCount: number): Float64Array {
  const sums = new Float64Array(unitCount);
  const counts = new Float64Array(unitCount);
  values.forEach((value, row) => {
    sums[unitOf[row]!]! += value;
    counts[unitOf[row]!]! += 1;
  });
  return sums.map((sum, unit) => sum / counts[unit]!);
}

function countRows({ table, groups }: RowData): { rows: number; groups?: number } {
  return { rows: table.rowCount, ...(groups && { groups: new Set(groups).size }) };
}

/** Levels are written once to be looked up, with their codes and about four bytes of framing. */
function measureLevels({ table }: Dataset<PredictTask>["rows"]): number {
  const levels = table.columns.flatMap((column) => ("levels" in column ? column.levels : []));
  return levels.reduce((sum, level) => sum + Buffer.byteLength(level) + 12, 0);
}
