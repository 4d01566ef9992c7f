/** The file that says what the items are: given, or found beside the events. */
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { AttuneError, isAttuneError } from "@attune/contracts";
import { type EventsSurvey, type FileSample, type ItemsSurvey, sampleFile } from "@attune/data";
import { formatCount, formatShare } from "./figures.ts";
import type { DataInput, Guess } from "./guess.ts";
import { findTitle, guessFeatures, listDescribed, listIdColumns, listPlainIds } from "./items-columns.ts";

type ItemsConfig = NonNullable<DataInput["items"]>;

/** A file beside the events is taken when it names at least this share of their items. */
const leastShare = 0.5;
/** A list of items may have a row for each language or size, an item's events are more. */
const mostRowsPerItem = 5;
/** Files beside the events that are larger are not looked into: they are hardly a list of items. */
const largestBytes = 500e6;
const extensions = /\.(csv|tsv|tab|jsonl|ndjson|parquet)$/i;

export interface ItemsGuess {
  readonly items: ItemsConfig | undefined;
  readonly guesses: readonly Guess[];
  readonly notes: readonly string[];
}

interface Input {
  /** Absolute. */
  readonly events: string;
  /** The events' column of item ids. */
  readonly item: string;
  /** Absolute; undefined: look beside the events. */
  readonly given: string | undefined;
  /** The config's folder, from which its paths start. */
  readonly configDir: string;
}

interface Found {
  readonly path: string;
  readonly id: string;
  readonly title: string;
  readonly matched: number;
  readonly survey: ItemsSurvey;
  /** False for a column called `id`, whose numbers may be of anything. */
  readonly hasOwnName: boolean;
}

/** @throws {AttuneError} `CLI_ITEMS_FILE` when a given file does not fit, and what reading it throws. */
export async function chooseItems(survey: EventsSurvey, input: Input): Promise<ItemsGuess> {
  const { given } = input;
  if (given !== undefined) return describe(await surveyGiven(survey, given, input), input, false);
  const notes: string[] = [];
  let best: Found | undefined;
  for (const file of await listBeside(input.events)) {
    const found = await surveyBeside(survey, file, input.item, notes);
    if (found !== undefined && isBetter(found, best)) best = found;
  }
  if (best === undefined) return { items: undefined, guesses: [], notes };
  const { matched, survey: described } = best;
  if (matched < leastShare * described.itemCount) {
    const name = path.basename(best.path);
    notes.push(
      `${name} names only ${formatShare(matched, described.itemCount)} of the items and is not taken; pass --items ${name} to take it.`,
    );
    return { items: undefined, guesses: [], notes };
  }
  if (isLog(best)) {
    const name = path.basename(best.path);
    notes.push(
      `${name} has many rows of each item, as a list of events has, and is not taken for one of items; pass --items ${name} to take the first row of each.`,
    );
    return { items: undefined, guesses: [], notes };
  }
  return { ...describe(best, input, true), notes };
}

/** A file that names most of the items, by a column with a name of its own where there is one. */
function isBetter(found: Found, best: Found | undefined): boolean {
  if (found.matched === 0 || best === undefined) return found.matched > 0;
  const rank = ({ matched, survey, hasOwnName }: Found) =>
    Number(matched >= leastShare * survey.itemCount) + Number(hasOwnName);
  return rank(found) === rank(best) ? found.matched > best.matched : rank(found) > rank(best);
}

/** Whether the rows are of something that happens to items again and again. */
function isLog({ id, survey }: Found): boolean {
  const distinctCount = survey.columns.find(({ name }) => name === id)?.distinctCount ?? survey.rowCount;
  return survey.rowCount > mostRowsPerItem * distinctCount;
}

async function surveyGiven(survey: EventsSurvey, file: string, { item }: Input): Promise<Found> {
  const sample = await sampleFile(file, "items");
  const found = sample.columns.map(({ name }) => name);
  const named = [...listIdColumns(found, item), ...listPlainIds(found, path.parse(file).name)];
  const ids = named.length > 0 ? named : found;
  const { id, matched, survey: described } = await match(survey, sample, { file, item, ids });
  const title = findTitle(found, id);
  const issues = [
    ...(matched === 0
      ? [
          `looked in ${ids.join(", ")} for the ${formatCount(described.itemCount)} ids that the events have in ${item}, and found none of them`,
        ]
      : []),
    ...(title === undefined
      ? ["looked for a column with the title (title, name, product_name, label), and found none"]
      : []),
  ];
  if (issues.length > 0 || title === undefined) {
    throw new AttuneError("CLI_ITEMS_FILE", { path: file, issues, found });
  }
  return { path: file, id, title, matched, survey: described, hasOwnName: true };
}

async function surveyBeside(
  survey: EventsSurvey,
  file: string,
  item: string,
  notes: string[],
): Promise<Found | undefined> {
  try {
    const sample = await sampleFile(file, "items");
    const found = sample.columns.map(({ name }) => name);
    const own = listIdColumns(found, item);
    const ids = own.length > 0 ? own : listPlainIds(found, path.parse(file).name);
    const title = findTitle(found);
    if (ids.length === 0 || title === undefined) return undefined;
    const { id, matched, survey: described } = await match(survey, sample, { file, item, ids });
    return { path: file, id, title, matched, survey: described, hasOwnName: own.length > 0 };
  } catch (error) {
    // A file that nobody named may be anything.
    if (!isAttuneError(error)) throw error;
    notes.push(`${path.basename(file)} may describe the items, but cannot be used: ${error.message}`);
    return undefined;
  }
}

/** The column that names most of the events' items. */
async function match(
  survey: EventsSurvey,
  sample: FileSample,
  { file, item, ids }: { readonly file: string; readonly item: string; readonly ids: readonly string[] },
): Promise<{ id: string; matched: number; survey: ItemsSurvey }> {
  const title = findTitle(sample.columns.map(({ name }) => name)) ?? "";
  const describe = listDescribed(sample.columns, title);
  const described = await survey.items({ item, path: file, ids, describe });
  const matched = Math.max(...described.matched);
  return { id: ids[described.matched.indexOf(matched)]!, matched, survey: described };
}

function describe(found: Found, { events, configDir }: Input, isGuess: boolean): ItemsGuess {
  const { id, title, matched, survey } = found;
  const relative = path.relative(configDir, found.path).replaceAll(path.sep, "/");
  // What an event says beside its item is of the event.
  const { features, show } =
    found.path === events || isLog(found) ? { features: {}, show: [] } : guessFeatures(survey, { id, title });
  const items: ItemsConfig = { path: relative, columns: { item: id, title }, show, features };
  const titled = survey.columns.find(({ name }) => name === title)?.filledCount ?? survey.rowCount;
  const untitled =
    titled === survey.rowCount
      ? ""
      : `; ${formatCount(survey.rowCount - titled)} of its ${formatCount(survey.rowCount)} rows have no title`;
  const share = `${relative} names ${formatShare(matched, survey.itemCount)} of the items (ids in ${id}, titles in ${title})${untitled}`;
  const names = Object.entries(features).map(([name, { kind }]) => `${name} (${kind})`);
  return {
    items,
    guesses: [
      ...(isGuess
        ? [{ setting: "data.items", value: relative, text: `${share}; change it under data.items` }]
        : []),
      ...(names.length > 0
        ? [
            {
              setting: "data.items.features",
              value: features,
              text: `models may use what ${relative} says of the items: ${names.join(", ")}; change it under data.items.features`,
            },
          ]
        : []),
    ],
    notes: isGuess ? [] : [`${share}.`],
  };
}

/** Files that may be data, in the order of their names. */
async function listBeside(events: string): Promise<string[]> {
  const dir = path.dirname(events);
  const names = (await readdir(dir)).filter(
    (name) => extensions.test(name) && name !== path.basename(events),
  );
  const files: string[] = [];
  for (const name of names.sort()) {
    const file = path.join(dir, name);
    const found = await stat(file).catch(() => undefined);
    if (found?.isFile() && found.size <= largestBytes) files.push(file);
  }
  return files;
}
