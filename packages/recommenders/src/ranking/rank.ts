/** Ranks the users of a split over the full catalogue, by the fragment that would be shipped. */
import type { CreateSession, Interactions, Session } from "@attune/contracts";
import type { ScoringModel } from "@attune/features";
import { createRankingEvaluation, type EvaluationResult, topK } from "@attune/metrics";
import { checkAborted } from "@attune/train";
import { writeEncodedModel } from "./encoded-model.ts";
import type { RankingTask } from "./task.ts";

export interface RankOptions {
  readonly createSession: CreateSession;
  readonly cutoffs: readonly number[];
  /** `[items]` scores for users without history, as the artifact answers them: popularity. */
  readonly fallback: Float32Array;
  readonly signal?: AbortSignal | undefined;
}

/** History entries and scores of one run of the graph: bounds its memory whatever the model. */
const batchEntries = 2048;
const batchScores = 1_000_000;

/** Lists are cut at the largest cut-off; ties go to the lower item index. */
export async function rankUsers(
  model: ScoringModel,
  task: RankingTask,
  options: RankOptions,
): Promise<EvaluationResult> {
  const { history, users, targets } = task;
  const itemCount = history.itemCount;
  const k = Math.max(...options.cutoffs);
  const lists = new Map<number, Int32Array>();
  const session = await options.createSession(writeEncodedModel(model.fragment));
  try {
    for (const batch of planBatches(users, history)) {
      checkAborted(model.kind, options.signal);
      const scores = await scoreBatch(session, batch, history);
      batch.forEach((user, row) => {
        const seen = history.items.subarray(history.offsets[user]!, history.offsets[user + 1]!);
        const own = scores.subarray(row * itemCount, (row + 1) * itemCount);
        lists.set(user, topK(seen.length === 0 ? options.fallback : own, k, seen));
      });
    }
  } finally {
    await session.close();
  }

  const evaluation = createRankingEvaluation({
    itemCount,
    trainCounts: task.fitCounts,
    cutoffs: options.cutoffs,
  });
  for (const user of users) {
    const historyCount = history.offsets[user + 1]! - history.offsets[user]!;
    evaluation.add(user, lists.get(user)!, targets[user]!, { historyCount });
  }
  return evaluation.result();
}

/** Users of like history length together, so that little is padded. */
function planBatches(users: Int32Array, history: Interactions): number[][] {
  const lengthOf = (user: number) => history.offsets[user + 1]! - history.offsets[user]!;
  const order = Array.from(users).sort((a, b) => lengthOf(a) - lengthOf(b) || a - b);
  const batches: number[][] = [];
  let batch: number[] = [];
  for (const user of order) {
    const rows = batch.length + 1;
    const full = rows * lengthOf(user) > batchEntries || rows * history.itemCount > batchScores;
    if (batch.length > 0 && full) {
      batches.push(batch);
      batch = [];
    }
    batch.push(user);
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

/** `[batch, items]` */
async function scoreBatch(
  session: Session,
  batch: readonly number[],
  history: Interactions,
): Promise<Float32Array> {
  const { offsets, items, weights } = history;
  const length = Math.max(...batch.map((user) => offsets[user + 1]! - offsets[user]!));
  const dims = [batch.length, length];
  const index = new BigInt64Array(batch.length * length);
  const weight = new Float32Array(index.length);
  batch.forEach((user, row) => {
    // Rising by item, as the artifact's encoder hands them over: float32 sums depend on their order.
    const own = Int32Array.from(
      { length: offsets[user + 1]! - offsets[user]! },
      (_, e) => offsets[user]! + e,
    );
    own
      .sort((a, b) => items[a]! - items[b]!)
      .forEach((event, place) => {
        index[row * length + place] = BigInt(items[event]!);
        weight[row * length + place] = weights[event]!;
      });
  });
  const { scores } = await session.run({
    index: { dtype: "int64", dims, data: index },
    weight: { dtype: "float32", dims, data: weight },
  });
  return scores!.data as Float32Array;
}
