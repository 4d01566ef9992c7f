/** The task `recommend`: a ranked catalogue for a history. */
import { distinctInteractions, type RecommendDataset, schemaOf } from "@attune/contracts";
import { type EvaluationResult, parseMetricName, rankingMetrics } from "@attune/metrics";
import type { Evaluation, EvaluationSlice, RecommendData, Stage, Task } from "@attune/train";
import { measureShape } from "../interactions/shape.ts";
import { scoreNobody } from "../popularity/model.ts";
import { rankUsers } from "../ranking/rank.ts";
import { createRankingTask, type RankedSplit, type RankingTask, selectFitEvents } from "../ranking/task.ts";
import { describeLack } from "./needs.ts";

const noTable = { rowCount: 0, columns: [] } as const;

export const recommendTask: Task<"recommend"> = {
  name: "recommend",
  unit: () => "user",
  metrics: ({ metric, cutoffs }) =>
    cutoffsOf(metric, cutoffs).flatMap((k) =>
      rankingMetrics.map((name) => ({ name: `${name}@${k}`, better: "higher" as const })),
    ),
  sizeBudget: ({ budgetBytes }) => budgetBytes,
  select: selectData,
  shape: (data) => ({
    ...measureShape(data.distinct),
    hasTime: data.hasTime,
    itemFeatures: schemaOf(data.itemFeatures ?? noTable),
    userFeatures: schemaOf(data.userFeatures ?? noTable),
  }),
  schema: (data) => ({ columns: schemaOf(data.userFeatures ?? noTable), classes: [], levels: [] }),
  lacks: describeLack,
  counts: ({ ordered }) => {
    const { userCount: users, itemCount: items, eventCount: events } = measureShape(ordered);
    return { events, users, items };
  },
  sharedBytes: ({ released }) => measureIds(released.itemIds),
  units: (dataset, split) => rankingTaskOf(dataset, split).users,
  async judge(model, dataset, options) {
    const { split, units, baseline, train, createSession, signal, onProgress } = options;
    const task = { ...rankingTaskOf(dataset, split), users: units };
    const cutoffs = cutoffsOf(train.metric, train.cutoffs);
    const fallback = scoreNobody(baseline);
    const result = await rankUsers(model, task, { createSession, cutoffs, fallback, signal, onProgress });
    return toEvaluation(result);
  },
};

/** Ranking tasks are asked for with every model; one dataset has two. */
const rankingTasks = new WeakMap<RecommendDataset, Map<RankedSplit, RankingTask>>();

function rankingTaskOf(dataset: RecommendDataset, split: RankedSplit): RankingTask {
  const known = rankingTasks.get(dataset) ?? new Map<RankedSplit, RankingTask>();
  rankingTasks.set(dataset, known);
  const { duplicates, repeats } = dataset.manifest;
  const task = known.get(split) ?? createRankingTask(dataset.measured, split, { duplicates, repeats });
  known.set(split, task);
  return task;
}

function selectData(dataset: RecommendDataset, stage: Stage): RecommendData {
  const { measured, released, manifest } = dataset;
  const from = stage === "release" ? released : measured;
  const ordered =
    stage === "release"
      ? released.events
      : selectFitEvents(measured, stage === "search" ? "validation" : "test");
  return {
    distinct: distinctInteractions(ordered, manifest.duplicates),
    ordered,
    hasTime: manifest.timeRange !== undefined,
    ...(from.itemFeatures && { itemFeatures: from.itemFeatures }),
    ...(from.userFeatures && { userFeatures: from.userFeatures }),
  };
}

function cutoffsOf(metric: string, cutoffs: readonly number[]): readonly number[] {
  return [...new Set([...cutoffs, parseMetricName(metric).k])];
}

/** Ids are written twice (to find items, to name them), with about four bytes of framing, besides popularity. */
function measureIds(itemIds: readonly string[]): number {
  return itemIds.reduce((sum, id) => sum + 2 * (Buffer.byteLength(id) + 4) + 4, 0);
}

function toEvaluation({ users, metrics, catalogue, slices }: EvaluationResult): Evaluation {
  return {
    units: users,
    perUnit: metrics,
    // Figures of all lists together: resampling users would not resample the catalogue.
    statistics: () => Object.fromEntries(Object.entries(catalogue).map(([name, value]) => [name, { value }])),
    slices: Object.fromEntries(
      Object.entries(slices).map(([name, slice]): [string, EvaluationSlice] => [
        name,
        { unitCount: slice.rows.length, perUnit: slice.metrics },
      ]),
    ),
  };
}
