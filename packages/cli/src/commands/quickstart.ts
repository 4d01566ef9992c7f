import path from "node:path";
import { countSourceRows } from "@attune/contracts/manifest";
import { defineCommand } from "../command.ts";
import { openData } from "../pipeline/open-data.ts";
import { runServer } from "../pipeline/serve.ts";
import { runTrain } from "../pipeline/train.ts";
import { runVerify } from "../pipeline/verify.ts";
import { describeArtifact } from "../project/artifacts.ts";
import { checkEventsWords, openEventsProject } from "../project/events-project.ts";
import { loadProject } from "../project/load.ts";
import { checkFolder, checkListen } from "../project/obstacles.ts";
import { checkProjectFolder, projectOption, resolveProject } from "../project/resolve.ts";
import { runExport } from "../release/run-export.ts";
import { cleaningTable, rejectedLine } from "../terminal/cleaning.ts";
import { leaderboardRows, leaderboardTable } from "../terminal/leaderboard.ts";
import { releaseExitCode, releaseOptions, sayRelease, toRelease } from "./release.ts";
import { serverOptions } from "./serve.ts";
import { webOption } from "./verify.ts";

export const quickstartCommand = defineCommand({
  name: "quickstart",
  summary: "Everything at once: prepare, train, export, verify, serve.",
  options: {
    ...projectOption,
    events: {
      type: "string",
      placeholder: "FILE",
      description: "events file: csv, tsv, jsonl or parquet; writes the config first, as `attune init` does",
    },
    items: {
      type: "string",
      placeholder: "FILE",
      description: "with --events: a file that describes the items",
    },
    ...releaseOptions,
    ...webOption,
    "no-serve": { type: "boolean", description: "stop after verifying", default: false },
    ...serverOptions,
  },
  examples: ["attune quickstart --events ratings.csv", "attune quickstart --no-serve --json > release.json"],
  obstacles: async (values, io) => [
    ...checkEventsWords(values),
    ...(await (values.events === undefined ? checkProjectFolder(values.config, io) : checkFolder(io.cwd))),
    ...(values["no-serve"] ? [] : await checkListen(values.host, values.port)),
  ],
  async run({ values }, io) {
    const { events, items } = values;
    const { project, prepared, dataset, family } = await openData(
      events === undefined
        ? await loadProject(resolveProject(values.config, io))
        : await openEventsProject({ events, items }, io),
      io,
    );
    io.say(cleaningTable(prepared.manifest));
    const rejected = rejectedLine(prepared.manifest, path.relative(io.cwd, prepared.dir));
    if (rejected !== undefined) io.say(rejected);
    const training = await runTrain(project, dataset, family, io);
    const leaderboard = leaderboardRows(training.manifest);
    io.say(training.manifest.reason);
    io.say(leaderboardTable(leaderboard, training.manifest));
    const release = toRelease(values);
    const exported = await runExport(project, dataset, training, io, release);
    sayRelease(exported, io);
    const verified = await runVerify(exported.dir, values["no-web"] ? "skip" : "if-possible", io);
    const artifact = describeArtifact(exported, io);
    io.say(`Artifact: ${artifact.path} (report.html opens in a browser)`);
    const { measured, rules, notes, badRows } = dataset.manifest;
    const result = {
      dataset: { ...measured, sourceRows: countSourceRows(dataset.manifest) },
      rules,
      notes,
      badRows,
      leaderboard,
      measured: training.manifest.measured,
      released: training.manifest.released,
      leftOut: training.manifest.leftOut,
      artifact,
      release: exported.verdict,
      ...verified,
    };
    const exitCode = releaseExitCode(exported, release);
    if (values["no-serve"]) {
      io.result(result);
      return exitCode;
    }
    const { host, port, "log-level": logLevel } = values;
    await runServer({ artifactDir: exported.dir, host, port, logLevel }, io, result);
    return exitCode;
  },
});
