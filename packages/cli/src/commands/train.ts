import { loadDataset } from "@attune/data";
import { defineCommand } from "../command.ts";
import { runPrepare } from "../pipeline/prepare.ts";
import { runTrain } from "../pipeline/train.ts";
import { loadProject } from "../project/load.ts";
import { projectOption, resolveProject } from "../project/resolve.ts";
import { leaderboardRows, leaderboardTable } from "../terminal/leaderboard.ts";

export const trainCommand = defineCommand({
  name: "train",
  summary: "Fit every model of the config, choose on the validation users, measure once on the test users.",
  options: { ...projectOption },
  async run({ values }, io) {
    const project = await loadProject(resolveProject(values.config, io));
    const prepared = await runPrepare(project, io);
    const training = await runTrain(project, await loadDataset(prepared.dir), io);
    const leaderboard = leaderboardRows(training.manifest);
    io.say(training.manifest.reason);
    io.say(leaderboardTable(leaderboard, training.manifest.metric));
    const { key, chosen, reason } = training.manifest;
    io.result({ leaderboard, chosen, reason, path: training.dir, key, cached: training.cached });
    return 0;
  },
});
