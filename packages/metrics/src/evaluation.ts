/** Ranking evaluation, fed user by user in any batches; holds per-user figures, so that they can be resampled. */
import { AttuneError } from "@attune/contracts";
import { createCatalogueMeter, type ItemCounts, markHeadItems, selfInformation } from "./catalogue.ts";
import {
  checkUnreachable,
  createRankTable,
  givenTwice,
  type MapDivisor,
  measureHits,
} from "./list-metrics.ts";
import { createListReader, headBit, tailBit } from "./list-reader.ts";
import type { MetricName } from "./metric-name.ts";
import { type EvaluationSlice, medianHistory, type SliceName, sliceUsers, takeRows } from "./slices.ts";

export interface EvaluationOptions {
  /** Items of the catalogue, ≥ 1; ranked items lie in `[0, itemCount)`. */
  readonly itemCount: number;
  /** `[items]` events per item in training: for novelty and for head and tail. */
  readonly trainCounts: ItemCounts;
  /** Cut-offs k, each an integer ≥ 1. Default `[5, 10, 20]`. */
  readonly cutoffs?: readonly number[];
  /** Default `"cutoff"`. */
  readonly mapDivisor?: MapDivisor;
  /** Share of the train events that the head items hold, in (0, 1]; see `markHeadItems`. Default 0.8. */
  readonly headShare?: number;
  /** The longest history of a light user. Default: the lower median over the users who have one. */
  readonly lightMaxHistory?: number;
}

export interface RankedUser {
  /** Relevant items that no list can hold, besides the −1 entries. Default 0. */
  readonly unreachableCount?: number;
  /** Events in the history the list was made from; 0 = a new user. Default 0. */
  readonly historyCount?: number;
}

export interface RankingEvaluation {
  /**
   * Takes one user's list. A user without relevant items has no defined metric: nothing is kept of them, and the
   * result counts them under `skippedCount`.
   *
   * @param user - user index, each at most once.
   * @param ranked - item indexes, best first, none twice, at least as many as the largest cut-off if there are so many.
   * @param relevant - item indexes; repeats count once; each −1 is one more relevant item that cannot be found.
   * @returns whether the user counts.
   * @throws {AttuneError} `METRICS_ARGUMENT` for a user or a ranked item given twice, or an index or count out of range.
   */
  add(user: number, ranked: Int32Array, relevant: Int32Array, details?: RankedUser): boolean;
  /** @throws {AttuneError} `METRICS_ARGUMENT` when no user counts. */
  result(): EvaluationResult;
}

export interface EvaluationResult {
  /** `[users]` user indexes in the order they were added. */
  readonly users: Int32Array;
  /** Users left out because nothing is relevant for them. */
  readonly skippedCount: number;
  /** Name (`"ndcg@10"`) → `[users]`, see `measureList`. Metrics by `rankingMetrics`, then cut-offs upwards. */
  readonly metrics: Readonly<Record<MetricName, Float64Array>>;
  /** `"coverage@k"` and `"novelty@k"`, see `CatalogueMeter`. */
  readonly catalogue: Readonly<Record<string, number>>;
  /** `[users]` */
  readonly historyCounts: Int32Array;
  /** The bound that split light from heavy users. */
  readonly lightMaxHistory: number;
  /** Items in the head. */
  readonly headItemCount: number;
  /**
   * `users:*` are users of the evaluation by `sliceUsers`. `items:*` keep each list as it is and count only the relevant
   * items of the head, or of the tail, over the users who have any there; relevant items outside the catalogue are tail.
   */
  readonly slices: Readonly<Record<SliceName, EvaluationSlice>>;
}

/**
 * An evaluation over a full catalogue.
 * @throws {AttuneError} `METRICS_ARGUMENT` for an option out of range; `METRICS_SHAPE` when `trainCounts` is not `[itemCount]`.
 */
export function createRankingEvaluation(options: EvaluationOptions): RankingEvaluation {
  const { itemCount, trainCounts, cutoffs = [5, 10, 20], mapDivisor = "cutoff", headShare = 0.8 } = options;
  checkCount("itemCount", itemCount, 1);
  if (options.lightMaxHistory !== undefined) checkCount("lightMaxHistory", options.lightMaxHistory, 1);
  if (trainCounts.length !== itemCount) {
    throw new AttuneError("METRICS_SHAPE", {
      what: "trainCounts",
      expected: `[${itemCount}]`,
      actual: `[${trainCounts.length}]`,
    });
  }
  const table = createRankTable(cutoffs, mapDivisor);
  const catalogue = createCatalogueMeter(table.cutoffs, selfInformation(trainCounts));
  const head = markHeadItems(trainCounts, headShare);
  const reader = createListReader(head);
  const seen = new Set<number>();
  const users: number[] = [];
  const historyCounts: number[] = [];
  const all = createColumns(table.names);
  const headColumns = createColumns(table.names);
  const tailColumns = createColumns(table.names);
  let skippedCount = 0;

  function add(user: number, ranked: Int32Array, relevant: Int32Array, details: RankedUser = {}): boolean {
    const { unreachableCount = 0, historyCount = 0 } = details;
    checkCount("user", user, 0);
    checkCount("historyCount", historyCount, 0);
    checkUnreachable(unreachableCount);
    if (seen.has(user)) throw givenTwice("user", `user ${user} twice`);
    const { hits, headCount, tailCount: knownTail } = reader.read(user, ranked, relevant);
    const tailCount = knownTail + unreachableCount;
    seen.add(user);
    if (headCount + tailCount === 0) {
      skippedCount++;
      return false;
    }

    const row = users.length;
    users.push(user);
    historyCounts.push(historyCount);
    catalogue.add(ranked);
    all.push(row, measureHits(hits, headBit | tailBit, headCount + tailCount, table));
    if (headCount > 0) headColumns.push(row, measureHits(hits, headBit, headCount, table));
    if (tailCount > 0) tailColumns.push(row, measureHits(hits, tailBit, tailCount, table));
    return true;
  }

  function result(): EvaluationResult {
    if (users.length === 0) {
      throw new AttuneError("METRICS_ARGUMENT", {
        what: "evaluation",
        expected: "at least one user with a relevant item",
        actual: `none (${skippedCount} without)`,
      });
    }
    const histories = Int32Array.from(historyCounts);
    const lightMaxHistory = options.lightMaxHistory ?? medianHistory(histories);
    const { metrics } = all.take();
    const byUsers = sliceUsers(histories, lightMaxHistory);
    const sliceOf = (rows: Int32Array): EvaluationSlice => ({ rows, metrics: takeRows(metrics, rows) });
    return {
      users: Int32Array.from(users),
      skippedCount,
      metrics,
      catalogue: catalogue.result(),
      historyCounts: histories,
      lightMaxHistory,
      headItemCount: head.reduce((count, flag) => count + flag, 0),
      slices: {
        "users:new": sliceOf(byUsers["users:new"]),
        "users:light": sliceOf(byUsers["users:light"]),
        "users:heavy": sliceOf(byUsers["users:heavy"]),
        "items:head": headColumns.take(),
        "items:tail": tailColumns.take(),
      },
    };
  }

  return { add, result };
}

/** Growing per-user columns. */
function createColumns(names: readonly MetricName[]) {
  const rows: number[] = [];
  const columns = names.map((): number[] => []);
  return {
    push(row: number, values: Float64Array): void {
      rows.push(row);
      values.forEach((value, column) => {
        columns[column]!.push(value);
      });
    },
    take(): EvaluationSlice {
      const metrics = names.map((name, column) => [name, Float64Array.from(columns[column]!)] as const);
      return { rows: Int32Array.from(rows), metrics: Object.fromEntries(metrics) };
    },
  };
}

function checkCount(what: string, count: number, lowest: number): void {
  if (Number.isInteger(count) && count >= lowest) return;
  throw new AttuneError("METRICS_ARGUMENT", {
    what,
    expected: `an integer ≥ ${lowest}`,
    actual: String(count),
  });
}
