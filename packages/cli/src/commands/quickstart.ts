import path from "node:path";
import { countSourceRows } from "@attune/contracts/manifest";
import { defineCommand } from "../command.ts";
import { describeArtifact } from "../project/artifacts.ts";
import { checkEventsWords, openEventsProject } from "../project/events-project.ts";
import { loadProject } from "../project/load.ts";
import { checkFolder } from "../project/obstacles.ts";
import { checkProjectFolder, projectOption, resolveProject } from "../project/resolve.ts";
import { checkServer, readServerConfiguration, serverSpecs } from "../project/server-configuration.ts";
import { releaseExitCode, releaseOptions, sayRelease, toRelease } from "./release.ts";
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
    ...serverSpecs(["host", "port", "adminPort", "logLevel"]),
  },
  examples: ["attune quickstart --events ratings.csv", "attune quickstart --no-serve --json > release.json"],
  obstacles: async (values, io) => [
    ...checkEventsWords(values),
    ...(await (values.events === undefined ? checkProjectFolder(values.config, io) : checkFolder(io.cwd))),
    ...(values["no-serve"] ? [] : await checkServer("quickstart", values, io)),
  ],
  async run({ values }, io) {
    const { events, items } = values;
    const [
      { openData },
      { runTrain },
      { runExport },
      { runVerify },
      { cleaningTable, rejectedLine },
      { leaderboardRows, leaderboardTable },
    ] = await Promise.all([
      import("../pipeline/open-data.ts"),
      import("../pipeline/train.ts"),
      import("../release/run-export.ts"),
      import("../pipeline/verify.ts"),
      import("../terminal/cleaning.ts"),
      import("../terminal/leaderboard.ts"),
    ]);
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
    const { runServer } = await import("../pipeline/serve.ts");
    const read = await readServerConfiguration(values, io);
    await runServer({ read, artifactDir: exported.dir }, io, result);
    return exitCode;
  },
});
