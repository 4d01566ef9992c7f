import { existsSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { AttuneError } from "@attune/contracts";
import { defineCommand } from "../command.ts";
import { type ColumnGuess, configTemplate, guessColumns } from "../project/template.ts";

export const initCommand = defineCommand({
  name: "init",
  summary: "Write attune.config.json for an events file, with its columns guessed from the header.",
  options: {
    events: {
      type: "string",
      placeholder: "FILE",
      description: "events file: csv, tsv, jsonl or parquet",
      default: "events.csv",
    },
    name: { type: "string", placeholder: "NAME", description: "the model's name (default: the folder's)" },
    force: { type: "boolean", description: "overwrite an existing config", default: false },
  },
  async run({ values }, io) {
    const file = path.join(io.cwd, "attune.config.json");
    if (existsSync(file) && !values.force) throw new AttuneError("CLI_EXISTS", { path: file });
    const guess = await guessColumns(path.resolve(io.cwd, values.events));
    const text = configTemplate({ name: values.name ?? path.basename(io.cwd), events: values.events, guess });
    const temporary = `${file}.writing`;
    try {
      await writeFile(temporary, text);
      await rename(temporary, file);
    } catch (cause) {
      throw new AttuneError("FILE_WRITE", { path: file, reason: (cause as Error).message }, { cause });
    }
    io.say(`Wrote ${path.relative(io.cwd, file)}. ${nextStep(guess)}, then run \`attune quickstart\`.`);
    io.result({ config: file, columns: guess.columns, guessed: guess.unknown.length === 0 });
    return 0;
  },
});

function nextStep({ unknown, found }: ColumnGuess): string {
  if (unknown.length === 0) return "Check the column mapping";
  return `No column looks like the ${unknown.join(" or the ")}: put its name under data.events.columns (there are ${found.join(", ")})`;
}
