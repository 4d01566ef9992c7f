import path from "node:path";
import { countSourceRows } from "@attune/contracts/manifest";
import Table from "cli-table3";
import { defineCommand } from "../command.ts";
import { runPrepare } from "../pipeline/prepare.ts";
import { loadProject } from "../project/load.ts";
import { projectOption, resolveProject } from "../project/resolve.ts";

export const prepareCommand = defineCommand({
  name: "prepare",
  summary: "Clean, index and split the events file into a dataset.",
  options: { ...projectOption },
  async run({ values }, io) {
    const project = await loadProject(resolveProject(values.config, io));
    const { dir, manifest, cached } = await runPrepare(project, io);
    const table = new Table({
      head: ["rule", "of", "rows before", "rows after", ""],
      style: { head: [], border: [] },
    });
    for (const { rule, scope, rowsBefore, rowsAfter, note } of manifest.rules)
      table.push([rule, scope, rowsBefore, rowsAfter, note ?? ""]);
    io.say(table.toString());
    io.say(`Dataset: ${path.relative(io.cwd, dir) || "."}`);
    io.result({
      dataset: manifest.measured,
      released: manifest.released,
      targets: manifest.targets,
      notes: manifest.notes,
      rows: countSourceRows(manifest),
      rules: manifest.rules,
      path: dir,
      key: manifest.key,
      cached,
    });
    return 0;
  },
});
