import { defineCommand } from "../command.ts";
import { loadProject } from "../project/load.ts";
import { checkProjectFolder, projectOption, resolveProject } from "../project/resolve.ts";

export const trainCommand = defineCommand({
  name: "train",
  summary: "Fit every model of the config, choose on the validation users, measure once on the test users.",
  options: { ...projectOption },
  examples: ["attune train", "attune train --config shop/attune.config.json --json"],
  obstacles: (values, io) => checkProjectFolder(values.config, io),
  async run({ values }, io) {
    const [{ openData }, { runTrain }, { leaderboardRows, leaderboardTable }] = await Promise.all([
      import("../pipeline/open-data.ts"),
      import("../pipeline/train.ts"),
      import("../terminal/leaderboard.ts"),
    ]);
    const opened = await openData(await loadProject(resolveProject(values.config, io)), io);
    const { project, dataset, family } = opened;
    const training = await runTrain(project, dataset, family, io);
    const leaderboard = leaderboardRows(training.manifest);
    io.say(training.manifest.reason);
    io.say(leaderboardTable(leaderboard, training.manifest));
    const { key, chosen, reason, measured, released, leftOut } = training.manifest;
    io.result({
      leaderboard,
      chosen,
      reason,
      measured,
      released,
      leftOut,
      path: training.dir,
      key,
      cached: training.cached,
    });
    return 0;
  },
});
