/** Ranks the test users with a released file, through the personalizer that serves it. */
import type { Dataset, RecommendRequest } from "@attune/contracts";
import type { ProjectConfig } from "@attune/contracts/config";
import type { UserHistory } from "@attune/export";
import {
  createRankingEvaluation,
  type EvaluationSummary,
  parseMetricName,
  summarizeEvaluation,
} from "@attune/metrics";
import type { Personalizer } from "@attune/runtime";
import { createRankingTask } from "@attune/train";
import type { Io } from "../io.ts";
import { withProgress } from "../terminal/progress.ts";
import { userHistories } from "./histories.ts";

const batchSize = 64;

export interface Evaluation extends EvaluationSummary {
  /** `"coverage@10"`, `"novelty@10"` → figure. */
  readonly catalogue: Readonly<Record<string, number>>;
}

export function runEvaluate(
  personalizer: Personalizer,
  dataset: Dataset,
  config: ProjectConfig,
  io: Io,
): Promise<Evaluation> {
  const cutoffs = reachableCutoffs(config, personalizer.manifest.limits.maxK, io);
  const longest = Math.max(...cutoffs);
  const indexOf = new Map(dataset.itemIds.map((id, index) => [id, index]));
  const task = createRankingTask(dataset, "test");
  const histories = userHistories(dataset, task);
  const evaluation = createRankingEvaluation({
    itemCount: dataset.itemIds.length,
    trainCounts: task.fitCounts,
    cutoffs,
  });
  return withProgress(io, "evaluate", async (update) => {
    for (let start = 0; start < histories.length; start += batchSize) {
      const batch = histories.slice(start, start + batchSize);
      const requests = batch.map((history) => toRequest(history, longest, personalizer));
      const answers = await personalizer.recommendMany(requests);
      answers.forEach(({ ids }, position) => {
        const user = task.users[start + position]!;
        const ranked = Int32Array.from(ids, (id) => indexOf.get(id)!);
        evaluation.add(user, ranked, task.targets[user]!, { historyCount: batch[position]!.ids.length });
      });
      const done = start + batch.length;
      update(done, histories.length, `${done} of ${histories.length} users`);
    }
    const result = evaluation.result();
    const { bootstrapSamples: samples } = config.train;
    const summary = summarizeEvaluation(result, { samples, seed: config.seed });
    const value = { ...summary, catalogue: result.catalogue };
    return { value, summary: `${result.users.length} test users` };
  });
}

/** The config's cut-offs as far as the artifact gives lists that long; a shorter list would be measured as if it were all. */
function reachableCutoffs({ train }: ProjectConfig, maxK: number, io: Io): readonly number[] {
  const wanted = [...new Set([...train.cutoffs, parseMetricName(train.metric).k])];
  const reachable = wanted.filter((k) => k <= maxK);
  if (reachable.length < wanted.length) {
    io.say(`This artifact's lists end at ${maxK} (export.maxK): longer cut-offs are left out.`);
  }
  return reachable.length > 0 ? reachable : [maxK];
}

/** Histories longer than the artifact allows keep their newest entries. */
function toRequest({ ids, weights }: UserHistory, k: number, { manifest }: Personalizer): RecommendRequest {
  const from = Math.max(0, ids.length - manifest.limits.maxHistory);
  const history = ids.slice(from).map((item, index) => ({ item, weight: weights[from + index]! }));
  return { history, k };
}
