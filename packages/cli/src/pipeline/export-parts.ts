/** What an export takes from a dataset and a fitted pair, by task. */
import type { Dataset, PredictTask, TaskName } from "@attune/contracts";
import type { ExportInput } from "@attune/export";
import { scoreNobody } from "@attune/recommenders";
import type { ModelPair } from "@attune/train";

/** Of which fit: the catalogue differs, since the release knows every item. */
export type FitName = "measured" | "released";

type CommonKeys = "outDir" | "config" | "dataset" | "training" | "model" | "tools";
type Parts<T extends TaskName> = Omit<ExportInput<T>, CommonKeys>;

const rowsOf = ({ rows: { table } }: Dataset<PredictTask>) => ({ table });

const partsByTask: {
  readonly [T in TaskName]: (dataset: Dataset<T>, pair: ModelPair<T>, fit: FitName) => Parts<T>;
} = {
  recommend: (dataset, { baseline }, fit) => {
    const { itemIds, itemDetails, events, userFeatures } = dataset[fit];
    return {
      popularity: scoreNobody(baseline),
      itemIds,
      ...(itemDetails && { itemDetails }),
      people: { events, ...(userFeatures && { userFeatures }) },
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
