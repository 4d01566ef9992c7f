/** Ranks the users of a split over the full catalogue, by the fragment that would be shipped. */
import { availableParallelism } from "node:os";
import type { CreateSession, Interactions, Session, Tensor } from "@attune/contracts";
import type { RecommendModel } from "@attune/features";
import { createRankingEvaluation, type EvaluationResult, topK } from "@attune/metrics";
import { checkAborted } from "@attune/train";
import { planBatches } from "./batches.ts";
import { writeRankingModel } from "./encoded-model.ts";
import { feedBatch } from "./feeds.ts";
import type { RankingTask } from "./task.ts";

export interface RankOptions {
  readonly createSession: CreateSession;
  readonly cutoffs: readonly number[];
  /** `[items]` scores for users without history, as the artifact answers them: popularity. */
  readonly fallback: Float32Array;
  readonly signal?: AbortSignal | undefined;
  /** Users ranked so far; at most about a hundred times. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** More threads than this wait for memory, not for each other. */
const maxThreads = 4;

/**
 * Lists are cut at the largest cut-off; ties go to the lower item index. The lists depend neither on how many threads
 * the engine has nor on who else is ranked.
 *
 * @throws {AttuneError} `TRAIN_ABORTED`, and what `createSession` throws.
 */
export async function rankUsers(
  model: RecommendModel,
  task: RankingTask,
  options: RankOptions,
): Promise<EvaluationResult> {
  const { history, users, targets } = task;
  const lists = await listItems(model, task, options);
  const evaluation = createRankingEvaluation({
    itemCount: history.itemCount,
    trainCounts: task.fitCounts,
    cutoffs: options.cutoffs,
  });
  users.forEach((user, at) => {
    evaluation.add(user, lists[at]!, targets[user]!, { historyCount: countOf(history, user) });
  });
  return evaluation.result();
}

/** `[users]` the list of each, best first. */
async function listItems(
  model: RecommendModel,
  task: RankingTask,
  options: RankOptions,
): Promise<Int32Array[]> {
  const { users, history, ordered, hideSeen } = task;
  const { fragment, kind } = model;
  const k = Math.max(...options.cutoffs);
  const nobodys = topK(options.fallback, k);
  const lists = new Map<number, Int32Array>();
  for (const user of users) if (countOf(history, user) === 0) lists.set(user, nobodys);
  const shown = fragment.needs?.length ? ordered : history;
  const known = users.filter((user) => !lists.has(user));
  const size = Math.min(k, history.itemCount);
  const session = await options.createSession(writeRankingModel(fragment, { k: size, hideSeen }), {
    threadCount: Math.min(maxThreads, availableParallelism()),
  });
  try {
    for (const batch of planBatches(known, history.itemCount, (user) => countOf(shown, user))) {
      checkAborted(kind, options.signal);
      const before = lists.size;
      const found = await runBatch(session, feedBatch(fragment, task, batch), size);
      batch.forEach((user, row) => {
        lists.set(user, found[row]!);
      });
      reportProgress(options, before, lists.size, users.length);
    }
  } finally {
    await session.close();
  }
  return Array.from(users, (user) => lists.get(user)!);
}

async function runBatch(
  session: Session,
  feeds: Readonly<Record<string, Tensor>>,
  size: number,
): Promise<Int32Array[]> {
  const { items, scores } = await session.run(feeds);
  const indexes = items!.data as BigInt64Array;
  const best = scores!.data as Float32Array;
  return Array.from({ length: indexes.length / size }, (_, row) => {
    const start = row * size;
    let end = start;
    while (end < start + size && best[end]! > Number.NEGATIVE_INFINITY) end += 1;
    return Int32Array.from(indexes.subarray(start, end), Number);
  });
}

/** A figure for people, so once a hundredth. */
function reportProgress({ onProgress }: RankOptions, before: number, done: number, total: number): void {
  if (Math.floor((100 * before) / total) < Math.floor((100 * done) / total)) onProgress?.(done, total);
}

function countOf({ offsets }: Interactions, user: number): number {
  return offsets[user + 1]! - offsets[user]!;
}
