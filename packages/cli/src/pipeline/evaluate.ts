/** Ranks the test users with the measured model as a file, through the personalizer that serves such files. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { RecommendDataset } from "@attune/contracts";
import type { ProjectConfig } from "@attune/contracts/config";
import { exportArtifact } from "@attune/export";
import { createRankingEvaluation, parseMetricName, summarizeEvaluation } from "@attune/metrics";
import { createRankingTask } from "@attune/recommenders";
import type { Personalizer } from "@attune/runtime";
import { openArtifact } from "@attune/runtime-node";
import type { Io } from "../io.ts";
import type { Project } from "../project/load.ts";
import type { Evaluation } from "../terminal/evaluation.ts";
import { type StepResult, type Update, withProgress } from "../terminal/progress.ts";
import { exportInput } from "./export-input.ts";
import { userHistories } from "./histories.ts";
import { toRequest } from "./history-request.ts";
import type { TrainingStep } from "./train.ts";

const batchSize = 64;

/**
 * The released model has learned from the test events too, so the figures are those of the model they were measured on:
 * fitted on train and validation, exported to a folder that is removed afterwards.
 */
export async function runEvaluate(
  project: Project<"recommend">,
  dataset: RecommendDataset,
  training: TrainingStep<"recommend">,
  io: Io,
): Promise<Evaluation> {
  return withProgress(io, "evaluate", async (update) => {
    const outDir = await mkdtemp(path.join(os.tmpdir(), "attune-evaluate-"));
    try {
      update(0, 1, "writing the measured model");
      const input = exportInput(project, dataset, training, "measured", outDir);
      const { dir } = await exportArtifact(input);
      const { personalizer } = await openArtifact(dir);
      try {
        return await rankTestUsers(personalizer, dataset, project.config, { io, update });
      } finally {
        await personalizer.close();
      }
    } finally {
      await rm(outDir, { recursive: true, force: true });
    }
  });
}

async function rankTestUsers(
  personalizer: Personalizer,
  { measured, manifest }: RecommendDataset,
  config: ProjectConfig<"recommend">,
  { io, update }: { readonly io: Io; readonly update: Update },
): Promise<StepResult<Evaluation>> {
  const cutoffs = reachableCutoffs(config, personalizer.manifest.limits.maxK, io);
  const longest = Math.max(...cutoffs);
  const indexOf = new Map(measured.itemIds.map((id, index) => [id, index]));
  const task = createRankingTask(measured, "test", manifest);
  const histories = userHistories(measured, task);
  const { maxHistory } = personalizer.manifest.limits;
  const cut = histories.filter(({ ids }) => ids.length > maxHistory).length;
  if (cut > 0) {
    io.say(
      `${cut} of ${histories.length} users have more than ${maxHistory} events (export.maxHistory): their newest are sent, while the leaderboard ranked by all.`,
    );
  }
  const evaluation = createRankingEvaluation({
    itemCount: measured.itemIds.length,
    trainCounts: task.fitCounts,
    cutoffs,
  });
  for (let start = 0; start < histories.length; start += batchSize) {
    const batch = histories.slice(start, start + batchSize);
    const requests = batch.map((history) => toRequest(history, longest, personalizer));
    const answers = await personalizer.recommendMany(requests);
    answers.forEach(({ ids }, position) => {
      const user = task.users[start + position]!;
      const ranked = Int32Array.from(ids, (id) => indexOf.get(id)!);
      const historyCount = new Set(batch[position]!.ids).size;
      evaluation.add(user, ranked, task.targets[user]!, { historyCount });
    });
    const done = start + batch.length;
    update(done, histories.length, `${done} of ${histories.length} users`);
  }
  const result = evaluation.result();
  const { bootstrapSamples: samples } = config.train;
  const summary = summarizeEvaluation(result, { samples, seed: config.seed });
  const value = { ...summary, catalogue: result.catalogue };
  return { value, summary: `${result.users.length} test users` };
}

/** The config's cut-offs as far as the artifact gives lists that long; a shorter list would be measured as if it were all. */
function reachableCutoffs({ train }: ProjectConfig<"recommend">, maxK: number, io: Io): readonly number[] {
  const wanted = [...new Set([...train.cutoffs, parseMetricName(train.metric).k])];
  const reachable = wanted.filter((k) => k <= maxK);
  if (reachable.length < wanted.length) {
    io.say(`This artifact's lists end at ${maxK} (export.maxK): longer cut-offs are left out.`);
  }
  return reachable.length > 0 ? reachable : [maxK];
}
