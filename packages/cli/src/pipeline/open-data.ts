/** From a project to its dataset in memory and the family that trains on it. */
import { AttuneError, type RecommendDataset } from "@attune/contracts";
import { loadDataset, type PreparedDataset } from "@attune/data";
import type { Family } from "@attune/train";
import { familyOf } from "../families.ts";
import type { Io } from "../io.ts";
import type { Project } from "../project/load.ts";
import { withProgress } from "../terminal/progress.ts";
import { runPrepare } from "./prepare.ts";

export interface OpenData {
  readonly project: Project<"recommend">;
  readonly prepared: PreparedDataset;
  readonly dataset: RecommendDataset;
  readonly family: Family<"recommend">;
}

/**
 * Prepares what the config names, after a look at who could train on it.
 *
 * @throws {AttuneError} `TRAIN_NO_TRAINER` before any work; what `prepareDataset` and `loadDataset` throw.
 */
export async function openData(project: Project, io: Io): Promise<OpenData> {
  const { task } = project.config;
  familyOf(task);
  if (!isRecommend(project)) throw new AttuneError("DATA_TASK", { task, supported: ["recommend"] });
  const prepared = await runPrepare(project, io);
  const dataset = await withProgress(io, "load", async () => {
    const value = await loadDataset(prepared.dir);
    const { users, items } = value.manifest.released;
    const count = (number: number) => number.toLocaleString("en");
    return { value, summary: `${count(users)} users and ${count(items)} items in memory` };
  });
  return { project, prepared, dataset, family: familyOf("recommend") };
}

function isRecommend(project: Project): project is Project<"recommend"> {
  return project.config.task === "recommend";
}
