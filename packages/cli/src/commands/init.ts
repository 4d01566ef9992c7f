import path from "node:path";
import { AttuneError } from "@attune/contracts";
import { defineCommand } from "../command.ts";
import { roles } from "../project/init/roles.ts";
import { checkFolder } from "../project/obstacles.ts";

const column = (what: string) =>
  ({
    type: "string",
    placeholder: "COLUMN",
    description: `the column of ${what} (default: by its name)`,
  }) as const;

/** More than any config takes. */
const configBytes = 1e6;

export const initCommand = defineCommand({
  name: "init",
  summary: "Look at an events file and write attune.config.json for it; says what is a guess.",
  options: {
    events: {
      type: "string",
      placeholder: "FILE",
      description: "events file: csv, tsv, jsonl or parquet",
      default: "events.csv",
    },
    items: {
      type: "string",
      placeholder: "FILE",
      description:
        "file with ids and titles of the items (default: one beside the events that names most of them)",
    },
    name: { type: "string", placeholder: "NAME", description: "the model's name (default: the folder's)" },
    user: column("user ids"),
    item: column("item ids"),
    rating: column("ratings"),
    time: column("times"),
    type: column("event types"),
    "bad-rows": {
      type: "string",
      placeholder: "skip|refuse",
      description:
        "rows that cannot be used: left out, or refused by every later step (default: asks, else refuse)",
      choices: ["skip", "refuse"],
    },
    "max-bad-rows": {
      type: "string",
      placeholder: "SHARE",
      description: "the largest share of rows that may be left out, from 0 to 1 (default: 0.05)",
    },
    force: { type: "boolean", description: "overwrite an existing config", default: false },
  },
  examples: [
    "attune init --events orders.csv",
    "attune init --events clicks.jsonl --items products.csv --user shopper --force",
  ],
  obstacles: async (_, io) => await checkFolder(io.cwd, configBytes),
  async run({ values }, io) {
    const [{ initProject }, { describeNext }] = await Promise.all([
      import("../project/init-project.ts"),
      import("../project/init/next-command.ts"),
    ]);
    const { events, items, name, force } = values;
    const named = roles.flatMap((role) =>
      values[role] === undefined ? [] : [[role, values[role]] as const],
    );
    const result = await initProject(
      {
        events,
        items,
        name,
        columns: Object.fromEntries(named),
        badRows: values["bad-rows"] as "refuse" | "skip" | undefined,
        maxBadRows: parseShare(values["max-bad-rows"]),
        force,
        ask: true,
      },
      io,
    );
    const { configPath, columns, guesses, badRows } = result;
    io.say(`Wrote ${path.relative(io.cwd, configPath)}.`);
    // Run through npx there may be no `attune` on the path.
    const program = io.env.npm_command === "exec" ? "npx attune" : "attune";
    io.say(describeNext(program, badRows, [["events", events], ["items", items], ["name", name], ...named]));
    const { badCount: count, rowCount: rows, missingIds, kinds } = badRows.report;
    io.result({
      config: configPath,
      columns,
      guessed: true,
      guesses,
      badRows: { policy: badRows.badRows, count, rows, missingIds, kinds },
    });
    return 0;
  },
});

/** @throws {AttuneError} `CLI_USAGE` when it is no number from 0 to 1. */
function parseShare(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value <= 1) return value;
  const problem = `--max-bad-rows must be a share from 0 to 1, such as 0.1, not "${text}"`;
  throw new AttuneError("CLI_USAGE", { command: "init", problem });
}
