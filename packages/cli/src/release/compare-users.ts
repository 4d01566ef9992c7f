/** Two measured models on the same people, on events that neither was fitted on. */
import { eventRole, type RecommendDataset } from "@attune/contracts";
import { bootstrapDifference, measureList, parseMetricName } from "@attune/metrics";
import { createRankingTask, type RankingTask, selectFitEvents } from "@attune/recommenders";
import type { Personalizer } from "@attune/runtime";
import { userHistories } from "../pipeline/histories.ts";
import { toRequest } from "../pipeline/history-request.ts";
import type { UserComparison } from "./verdict.ts";

/** Fewer people than this say nothing. */
const fewestUsers = 30;
/** More than this cost time and tell no more. */
const mostUsers = 2000;
/** A pipeline runs every night: a wider interval than that of a figure, for fewer false alarms. */
const comparisonLevel = 0.99;
const batchSize = 64;

export interface CompareInput {
  readonly dataset: RecommendDataset;
  /** What the version before was measured with. */
  readonly previousDataset: RecommendDataset;
  /** `"ndcg@10"` */
  readonly metric: string;
  readonly seed: number;
  readonly samples: number;
  /** Measured models: neither was fitted on its own test. */
  readonly previous: Personalizer;
  readonly next: Personalizer;
  readonly onProgress: (done: number, total: number) => void;
}

/** A person with what to find, as ids. */
interface Judged {
  /** Position in the ranking task. */
  readonly at: number;
  readonly targets: readonly string[];
  /** Test items that the version before was fitted on: no list may hold them. */
  readonly hidden: string[];
}

/** What is judged: of whom, and the items that a list is made of. */
interface Panel {
  readonly people: readonly Judged[];
  /** Items of both catalogues: one that only one model knows can be no target, and would only take a place. */
  readonly shared: ReadonlySet<string>;
}

/** @returns the comparison, or in words why there is none. */
export async function compareUsers(input: CompareInput): Promise<UserComparison | string> {
  const { dataset, metric, previous, next } = input;
  const { k } = parseMetricName(metric);
  if (Math.min(previous.manifest.limits.maxK, next.manifest.limits.maxK) < k) {
    return `lists of ${k} are longer than export.maxK`;
  }
  const task = createRankingTask(dataset.measured, "test", dataset.manifest);
  const known = new Set(input.previousDataset.measured.itemIds);
  const shared = new Set(dataset.measured.itemIds.filter((id) => known.has(id)));
  const people = thin(findJudged(input, task, shared));
  if (people.length < fewestUsers) {
    return `${people.length} people have test events that neither model was fitted on, of items that both know; ${fewestUsers} are needed`;
  }
  const panel = { people, shared };
  const before = await measure(input, task, previous, panel, 0);
  const after = await measure(input, task, next, panel, people.length);
  const { samples, seed } = input;
  return {
    metric,
    users: people.length,
    previous: mean(before),
    next: mean(after),
    difference: bootstrapDifference(after, before, { samples, seed, level: comparisonLevel }),
  };
}

/** People with targets that both models know as items and neither was fitted on. */
function findJudged(
  { dataset, previousDataset }: CompareInput,
  task: RankingTask,
  shared: ReadonlySet<string>,
): Judged[] {
  const { offsets, items, times } = dataset.measured.events;
  const { itemIds, userIds } = dataset.measured;
  const fittedOn = createFitLookup(previousDataset, !dataset.manifest.fileOrder);
  return Array.from(task.users, (user, at) => {
    const targets: string[] = [];
    const seen: string[] = [];
    const isFitted = fittedOn(userIds[user]!);
    for (let event = offsets[user]!; event < offsets[user + 1]!; event++) {
      // A target outside the catalogue has no id here: no list can hold it.
      const id = itemIds[items[event]!];
      if (dataset.measured.roles[event] !== eventRole.test || id === undefined) continue;
      if (isFitted(id, times[event]!)) seen.push(id);
      else if (shared.has(id)) targets.push(id);
    }
    return { at, targets, hidden: seen.filter((id) => !targets.includes(id)) };
  }).filter(({ targets }) => targets.length > 0);
}

/** By person, then by event: whether a dataset's measured model was fitted on it. Without times an item stands for its events. */
function createFitLookup({ measured }: RecommendDataset, hasTime: boolean) {
  const { offsets, items, times } = selectFitEvents(measured, "test");
  const indexOf = new Map(measured.userIds.map((id, index) => [id, index]));
  const keyOf = (id: string, time: number) => (hasTime ? `${time} ${id}` : id);
  return (userId: string): ((id: string, time: number) => boolean) => {
    const user = indexOf.get(userId);
    const keys = new Set<string>();
    if (user !== undefined) {
      for (let event = offsets[user]!; event < offsets[user + 1]!; event++) {
        keys.add(keyOf(measured.itemIds[items[event]!]!, times[event]!));
      }
    }
    return (id, time) => keys.has(keyOf(id, time));
  };
}

/** Evenly spaced, so that no kind of user is left out. */
function thin(users: readonly Judged[]): readonly Judged[] {
  if (users.length <= mostUsers) return users;
  return Array.from(
    { length: mostUsers },
    (_, index) => users[Math.floor((index * users.length) / mostUsers)]!,
  );
}

/** `[judged]` the metric of each list. */
async function measure(
  { dataset, metric, onProgress }: CompareInput,
  task: RankingTask,
  personalizer: Personalizer,
  { people, shared }: Panel,
  before: number,
): Promise<Float64Array> {
  const { k } = parseMetricName(metric);
  const { maxK } = personalizer.manifest.limits;
  const length = Math.min(maxK, k + personalizer.manifest.catalogue.items - shared.size);
  const users = Int32Array.from(people, ({ at }) => task.users[at]!);
  const histories = userHistories(dataset.measured, { ...task, users });
  const values = new Float64Array(people.length);
  for (let start = 0; start < people.length; start += batchSize) {
    const batch = people.slice(start, start + batchSize);
    const requests = batch.map(({ hidden }, row) => {
      return { ...toRequest(histories[start + row]!, length, personalizer), exclude: hidden };
    });
    const answers = await personalizer.recommendMany(requests);
    answers.forEach(({ ids }, row) => {
      const list = ids.filter((id) => shared.has(id)).slice(0, k);
      values[start + row] = scoreList(list, batch[row]!.targets, k, metric);
    });
    onProgress(before + start + batch.length, 2 * people.length);
  }
  return values;
}

/** Ids as numbers of this list alone. */
function scoreList(ids: readonly string[], targets: readonly string[], k: number, metric: string): number {
  const numbers = new Map([...new Set([...ids, ...targets])].map((id, index) => [id, index]));
  const numberOf = (id: string) => numbers.get(id)!;
  const values = measureList(Int32Array.from(ids, numberOf), Int32Array.from(targets, numberOf), {
    cutoffs: [k],
  });
  return (values as Record<string, number>)[metric]!;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
