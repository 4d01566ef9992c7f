/** The version before and the next one's measured model on the same people, on what neither has learned from. */
import { eventRole, type RecommendDataset } from "@attune/contracts";
import { bootstrapDifference, measureList, parseMetricName } from "@attune/metrics";
import { createRankingTask, type RankingTask } from "@attune/recommenders";
import type { Personalizer } from "@attune/runtime";
import { userHistories } from "../pipeline/histories.ts";
import { toRequest } from "../pipeline/history-request.ts";
import type { UserComparison } from "./verdict.ts";

/** Fewer people than this say nothing. */
const fewestUsers = 30;
/** More than this cost time and tell no more. */
const mostUsers = 2000;
const batchSize = 64;

export interface CompareInput {
  readonly dataset: RecommendDataset;
  /** `"ndcg@10"` */
  readonly metric: string;
  readonly seed: number;
  readonly samples: number;
  readonly previous: Personalizer;
  /** The measured model: its figures are those of the leaderboard. */
  readonly next: Personalizer;
  readonly onProgress: (done: number, total: number) => void;
}

/** A person with what to find, as ids. */
interface Judged {
  /** Position in the ranking task. */
  readonly at: number;
  readonly targets: readonly string[];
  /** Test items that the version before has learned from: no list may hold them. */
  readonly hidden: string[];
}

/** @returns the comparison, or in words why there is none. */
export async function compareUsers(input: CompareInput): Promise<UserComparison | string> {
  const { dataset, metric, previous, next } = input;
  const { lastEventMs } = previous.manifest.data;
  if (lastEventMs === undefined) return "it does not say up to when its events reach";
  const { k } = parseMetricName(metric);
  const limits = [previous.manifest.limits.maxK, next.manifest.limits.maxK];
  if (Math.min(...limits) < k) return `lists of ${k} are longer than one of the two gives`;
  const task = createRankingTask(dataset.measured, "test", dataset.manifest);
  const newer = findNewer(dataset, task, lastEventMs);
  const known = await findKnown(previous, new Set(newer.flatMap(({ targets }) => targets)));
  const judged = thin(
    newer
      .map((user) => ({ ...user, targets: user.targets.filter((id) => known.has(id)) }))
      .filter(({ targets }) => targets.length > 0),
  );
  if (judged.length < fewestUsers) {
    return `${judged.length} people have test events that are newer than its data and of items it knows, ${fewestUsers} are needed`;
  }
  const before = await measure(input, task, previous, judged, 0);
  const after = await measure(input, task, next, judged, judged.length);
  return {
    metric,
    users: judged.length,
    previous: mean(before),
    next: mean(after),
    difference: bootstrapDifference(after, before, { samples: input.samples, seed: input.seed }),
  };
}

function findNewer({ measured }: RecommendDataset, task: RankingTask, lastEventMs: number): Judged[] {
  const { offsets, items, times } = measured.events;
  return Array.from(task.users, (user, at) => {
    const targets: string[] = [];
    const hidden: string[] = [];
    for (let event = offsets[user]!; event < offsets[user + 1]!; event++) {
      const id = measured.itemIds[items[event]!];
      // Targets outside the catalogue have no id here; neither model could be told apart by them.
      if (measured.roles[event] !== eventRole.test || id === undefined) continue;
      (times[event]! > lastEventMs ? targets : hidden).push(id);
    }
    return { at, targets, hidden };
  }).filter(({ targets }) => targets.length > 0);
}

/** Those of the ids that the model's catalogue has: it is asked to rank them and nothing else. */
async function findKnown(
  { manifest, recommendMany }: Personalizer,
  ids: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const all = [...ids];
  const size = Math.min(manifest.limits.maxK, manifest.limits.maxAllow);
  const known = new Set<string>();
  for (let start = 0; start < all.length; start += size) {
    const allow = all.slice(start, start + size);
    const [answer] = await recommendMany([{ history: [], allow, k: allow.length }]);
    for (const id of answer!.ids) known.add(id);
  }
  return known;
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
  judged: readonly Judged[],
  before: number,
): Promise<Float64Array> {
  const { k } = parseMetricName(metric);
  const users = Int32Array.from(judged, ({ at }) => task.users[at]!);
  const histories = userHistories(dataset.measured, { ...task, users });
  const values = new Float64Array(judged.length);
  for (let start = 0; start < judged.length; start += batchSize) {
    const batch = judged.slice(start, start + batchSize);
    const requests = batch.map(({ hidden }, row) => {
      return { ...toRequest(histories[start + row]!, k, personalizer), exclude: hidden };
    });
    const answers = await personalizer.recommendMany(requests);
    answers.forEach(({ ids }, row) => {
      values[start + row] = scoreList(ids, batch[row]!.targets, k, metric);
    });
    onProgress(before + start + batch.length, 2 * judged.length);
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
