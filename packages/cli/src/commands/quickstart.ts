import { countSourceRows } from "@attune/contracts/manifest";
import { defineCommand, parseInteger } from "../command.ts";
import { runExport } from "../pipeline/export.ts";
import { openData } from "../pipeline/open-data.ts";
import { runServer } from "../pipeline/serve.ts";
import { runTrain } from "../pipeline/train.ts";
import { runVerify } from "../pipeline/verify.ts";
import { describeArtifact } from "../project/artifacts.ts";
import { loadProject } from "../project/load.ts";
import { projectOption, resolveProject } from "../project/resolve.ts";
import { leaderboardRows, leaderboardTable } from "../terminal/leaderboard.ts";
import { serverOptions } from "./serve.ts";
import { webOption } from "./verify.ts";

export const quickstartCommand = defineCommand({
  name: "quickstart",
  summary: "Everything at once: prepare, train, export, verify, serve.",
  options: {
    ...projectOption,
    ...webOption,
    "no-serve": { type: "boolean", description: "stop after verifying", default: false },
    ...serverOptions,
  },
  async run({ values }, io) {
    const port = parseInteger("quickstart", "port", values.port, 0, 65_535);
    const opened = await openData(await loadProject(resolveProject(values.config, io)), io);
    const { project, dataset, family } = opened;
    const training = await runTrain(project, dataset, family, io);
    const leaderboard = leaderboardRows(training.manifest);
    io.say(training.manifest.reason);
    io.say(leaderboardTable(leaderboard, training.manifest));
    const exported = await runExport(project, dataset, training, io);
    const parity = await runVerify(exported.dir, !values["no-web"], io);
    const artifact = describeArtifact(exported, io);
    io.say(`Artifact: ${artifact.path} (report.html opens in a browser)`);
    const { measured } = dataset.manifest;
    const result = {
      dataset: { ...measured, sourceRows: countSourceRows(dataset.manifest) },
      leaderboard,
      measured: training.manifest.measured,
      released: training.manifest.released,
      leftOut: training.manifest.leftOut,
      artifact,
      parity,
    };
    if (values["no-serve"]) {
      io.result(result);
      return 0;
    }
    await runServer(
      { artifactDir: exported.dir, host: values.host, port, logLevel: values["log-level"] },
      io,
      result,
    );
    return 0;
  },
});
