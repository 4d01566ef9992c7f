/** What an export takes from a dataset and a fitted pair, by task. */
import {
  type Dataset,
  eventRole,
  type PredictTask,
  type RecommendDataset,
  type Table,
  type TaskName,
  takeRows,
} from "@attune/contracts";
import type { ExportInput } from "@attune/export";
import { createRankingTask, scoreNobody } from "@attune/recommenders";
import type { ModelPair } from "@attune/train";
import { userHistories } from "./histories.ts";

/** Of which fit: the catalogue differs, since the release knows every item. */
export type FitName = "measured" | "released";

type CommonKeys = "outDir" | "config" | "dataset" | "training" | "model" | "tools";
type Parts<T extends TaskName> = Omit<ExportInput<T>, CommonKeys>;

const rowsOf = (dataset: Dataset<PredictTask>) => ({ examples: exampleRows(dataset) });

const partsByTask: {
  readonly [T in TaskName]: (dataset: Dataset<T>, pair: ModelPair<T>, fit: FitName) => Parts<T>;
} = {
  recommend: (dataset, { baseline }, fit) => {
    const { itemIds, itemDetails } = dataset[fit];
    return {
      popularity: scoreNobody(baseline),
      itemIds,
      ...(itemDetails && { itemDetails }),
      histories: goldenHistories(dataset),
    };
  },
  classify: rowsOf,
  regress: rowsOf,
  hierarchical: rowsOf,
};

/** The task's own part of an export. */
export function exportParts<T extends TaskName>(
  task: T,
  dataset: Dataset<T>,
  pair: ModelPair<T>,
  fit: FitName,
): Parts<T> {
  return partsByTask[task](dataset, pair, fit);
}

/** Test users: the people the measured model was not fitted on, as far as the split has any. */
function goldenHistories({ measured, manifest }: RecommendDataset) {
  const task = createRankingTask(measured, "test", manifest);
  return userHistories(measured, task).filter(({ ids }) => ids.length > 0);
}

/** Rows of the test first. */
function exampleRows({ rows: { table, roles } }: Dataset<PredictTask>): Table {
  const isTest = (row: number) => (roles[row] === eventRole.test ? 0 : 1);
  const order = Int32Array.from(roles.keys()).sort((a, b) => isTest(a) - isTest(b) || a - b);
  return takeRows(table, order);
}
