/** `initProject`: looks at an events file, asks what it cannot tell, and writes the config. */
import { existsSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { AttuneError } from "@attune/contracts";
import { parseProjectConfig } from "@attune/contracts/config";
import { type BadRowReport, checkEvents, sampleFile } from "@attune/data";
import type { Io, Terminal } from "../io.ts";
import { withProgress } from "../terminal/progress.ts";
import { type BadRowsChoice, chooseBadRows, countBadRows, describeKinds } from "./init/bad-rows.ts";
import { type ConfigParts, createConfig } from "./init/config-text.ts";
import type { Choices, Guess, RecommendInput } from "./init/guess.ts";
import { askOverwrite } from "./init/questions.ts";
import { columnTable, describeGuesses } from "./init/report.ts";
import { surveyFile } from "./init/survey-file.ts";
import { chooseWhoAndWhat, type NamedColumns } from "./init/who-and-what.ts";
import { findConfig } from "./load.ts";

export const initFile = "attune.config.json";

export interface InitInput {
  /** The events file, relative to `io.cwd`. */
  readonly events: string;
  /** A file that describes the items; without it one is looked for beside the events. */
  readonly items?: string | undefined;
  /** The model's name; default: the folder's. */
  readonly name?: string | undefined;
  /** Columns that need no guess. */
  readonly columns?: NamedColumns;
  /** What to do with rows that cannot be used; without it a person is asked, and where nobody is there they are refused. */
  readonly badRows?: "refuse" | "skip" | undefined;
  /** The largest share of the rows that may be left out; default: that of the config. */
  readonly maxBadRows?: number | undefined;
  /** Overwrites an existing config. */
  readonly force: boolean;
  /** False: nothing is asked even where a person could answer. */
  readonly ask: boolean;
}

export interface InitResult {
  /** Absolute. */
  readonly configPath: string;
  readonly columns: RecommendInput["data"]["events"]["columns"];
  readonly guesses: readonly Guess[];
  /** `limit` is the share of the rows that may be left out. */
  readonly badRows: BadRowsChoice & { readonly report: BadRowReport; readonly limit: number };
}

/**
 * Writes `attune.config.json` into `io.cwd`, whole or not at all.
 *
 * @throws {AttuneError} `CLI_EXISTS`, `CLI_OTHER_CONFIG`, `CLI_COLUMNS`, `CLI_ITEMS_FILE`, `CLI_BAD_ROWS`, `CLI_CANCELLED`, `FILE_WRITE`, and what
 * is wrong with the files (`DATA_…`, `FILE_READ`). Nothing is written then.
 */
export async function initProject(input: InitInput, io: Io): Promise<InitResult> {
  const terminal = input.ask ? io.terminal : undefined;
  const configPath = path.join(io.cwd, initFile);
  await refuseExisting(configPath, input.force, terminal, io);
  const events = path.resolve(io.cwd, input.events);
  const sample = await sampleFile(events, "events");
  const named = input.columns ?? {};
  const who = await chooseWhoAndWhat({ path: events, sample, named, terminal, signal: io.signal });
  const [user, item] = [who.user.column, who.item.column];
  const itemsFile = input.items === undefined ? undefined : path.resolve(io.cwd, input.items);
  const findings = await surveyFile(
    { events, sampled: sample.columns, named, user, item, itemsFile, configDir: io.cwd },
    io,
  );
  const { further, rules, split, items } = findings;
  const parts: ConfigParts = {
    name: input.name ?? path.basename(io.cwd),
    events: path.relative(io.cwd, events).replaceAll(path.sep, "/"),
    user,
    item,
    further,
    items,
    rules,
    split,
  };
  const guesses = [...who.guesses, ...findings.guesses];
  sayFindings({ user: who.user, item: who.item, ...choicesOf(further) }, guesses, findings.notes, io);
  const found = await checkRows(parts, input, io);
  for (const line of describeKinds(found.report)) io.say(`  - ${line}`);
  const badRows = await chooseBadRows({
    path: events,
    report: found.report,
    given: input.badRows,
    givenLimit: input.maxBadRows,
    limit: found.limit,
    terminal,
    signal: io.signal,
  });
  const config = createConfig({ ...parts, badRows });
  await writeWhole(configPath, `${JSON.stringify(config, null, 2)}\n`);
  const columns = config.data.events.columns;
  return { configPath, columns, guesses, badRows: { ...badRows, ...found } };
}

/** What the config would make of every row; nothing of it is kept. */
function checkRows(
  parts: ConfigParts,
  input: InitInput,
  io: Io,
): Promise<{ report: BadRowReport; limit: number }> {
  return withProgress(io, "check", async (update) => {
    update(0, 1, `every row of ${path.basename(parts.events)}`);
    const config = parseProjectConfig(createConfig(parts), initFile);
    if (config.task !== "recommend")
      throw new AttuneError("DATA_TASK", { task: config.task, supported: ["recommend"] });
    const report = await checkEvents({ config, projectDir: io.cwd });
    const summary =
      report.badCount === 0 ? "every row can be used" : `${countBadRows(report)} cannot be used`;
    return { value: { report, limit: input.maxBadRows ?? config.data.events.maxBadRows }, summary };
  });
}

/** @throws {AttuneError} when a config stands in the way and nobody says that it may go. */
async function refuseExisting(
  file: string,
  force: boolean,
  terminal: Terminal | undefined,
  io: Io,
): Promise<void> {
  const read = findConfig(path.dirname(file));
  if (read !== undefined && read !== file) throw new AttuneError("CLI_OTHER_CONFIG", { path: read });
  if (!existsSync(file) || force) return;
  if (terminal !== undefined && (await askOverwrite(terminal, initFile, io.signal))) return;
  throw new AttuneError("CLI_EXISTS", { path: file });
}

async function writeWhole(file: string, text: string): Promise<void> {
  const temporary = `${file}.writing`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new AttuneError("FILE_WRITE", { path: file, reason: (cause as Error).message }, { cause });
  }
}

function choicesOf(further: Awaited<ReturnType<typeof surveyFile>>["further"]): Choices {
  const { rating, time, type } = further;
  return {
    ...(rating && { rating: rating.choice }),
    ...(time && { time: time.choice }),
    ...(type && { type: type.choice }),
  };
}

function sayFindings(choices: Choices, guesses: readonly Guess[], notes: readonly string[], io: Io): void {
  io.say(columnTable(choices));
  for (const note of notes) io.say(note);
  const guessed = describeGuesses(guesses);
  if (guessed !== undefined) io.say(guessed);
  if (choices.time === undefined) {
    io.say("There is no column of times: the order of the file is taken as the order of events.");
  }
}
