import path from "node:path";
import { countSourceRows } from "@attune/contracts/manifest";
import { defineCommand } from "../command.ts";
import { loadProject } from "../project/load.ts";
import { checkProjectFolder, projectOption, resolveProject } from "../project/resolve.ts";

export const prepareCommand = defineCommand({
  name: "prepare",
  summary: "Clean, index and split the events file into a dataset.",
  options: { ...projectOption },
  examples: ["attune prepare", "attune prepare --config shop/attune.config.json --json"],
  obstacles: (values, io) => checkProjectFolder(values.config, io),
  async run({ values }, io) {
    const [{ runPrepare }, { cleaningTable, rejectedLine }] = await Promise.all([
      import("../pipeline/prepare.ts"),
      import("../terminal/cleaning.ts"),
    ]);
    const project = await loadProject(resolveProject(values.config, io));
    const { dir, manifest, cached } = await runPrepare(project, io);
    io.say(cleaningTable(manifest));
    const shownDir = path.relative(io.cwd, dir) || ".";
    const rejected = rejectedLine(manifest, shownDir);
    if (rejected !== undefined) io.say(rejected);
    io.say(`Dataset: ${shownDir}`);
    io.result({
      dataset: manifest.measured,
      released: manifest.released,
      targets: manifest.targets,
      notes: manifest.notes,
      rows: countSourceRows(manifest),
      rules: manifest.rules,
      badRows: manifest.badRows,
      path: dir,
      key: manifest.key,
      cached,
    });
    return 0;
  },
});
