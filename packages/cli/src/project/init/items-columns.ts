/** Which columns of an items file hold the id, the title, and what models and people may see. */
import type { ColumnSurvey, ItemsSurvey, SampledColumn, Separator } from "@attune/data";
import type { DataInput } from "./guess.ts";
import { listCandidates, simplifyName } from "./roles.ts";

type ItemsConfig = NonNullable<DataInput["items"]>;
type Features = NonNullable<ItemsConfig["features"]>;

/** Names of titles, best first. */
const titles = [
  /^(item|product|movie|film|book|article|track|song|game|show|video|recipe|course)?title$/,
  /^(item|product|movie|film|book|article|track|song|game|show|video|recipe|course)?(display)?name$/,
  /^(product|item)?(label|description)$/,
];
const setNames = /^(genre|tag|categor(y|ie)|keyword|topic|label|subject|actor|ingredient)s?$/;
const categoryNames =
  /^(main|sub|product|item)?(categor(y|ies)|categorycode|categoryid|class|brand|colou?r|gender|department|section|group|type|language|country|format|publisher|season|material|size|genre)(id|name)?$/;
const numberNames =
  /^(list|unit|sale|retail)?price$|^(release|publication|production)?year$|^(duration|runtime|pages|pagecount|numpages|weight)$/;

/** More distinct values than this are no category. */
const mostLevels = 100;
/** A category says something of several items on average. */
const leastItemsPerLevel = 5;
/** A separator that stands in a smaller share of the cells separates nothing. */
const leastSeparated = 0.1;
const mostShown = 3;

/** Columns that are called like the events' column of items, or like one; best first. */
export function listIdColumns(columns: readonly string[], eventsItem: string): readonly string[] {
  const same = columns.filter((name) => simplifyName(name) === simplifyName(eventsItem));
  const sure = listCandidates("item", columns).flatMap(({ column, isSure }) => (isSure ? [column] : []));
  return [...new Set([...same, ...sure])];
}

/** Columns called `id`, of whatever the file is about: of items unless its name says that it is about people. */
export function listPlainIds(columns: readonly string[], stem: string): readonly string[] {
  const isOfUsers = listCandidates("user", [stem.replace(/s$/i, "")]).some(({ isSure }) => isSure);
  return isOfUsers ? [] : columns.filter((name) => simplifyName(name) === "id");
}

export function findTitle(columns: readonly string[], id?: string): string | undefined {
  const others = columns.filter((name) => name !== id);
  return titles.flatMap((pattern) => others.filter((name) => pattern.test(simplifyName(name))))[0];
}

/** Columns worth a look: those with a name that no other has, and the title, which must be such a one. */
export function listDescribed(columns: readonly SampledColumn[], title: string): readonly string[] {
  const names = columns.map(({ name }) => name).filter((name) => name !== "");
  return names.filter((name) => name === title || names.indexOf(name) === names.lastIndexOf(name));
}

/** Obvious features only: what a column with another name means is for a person to say. */
export function guessFeatures(
  survey: ItemsSurvey,
  { id, title }: { readonly id: string; readonly title: string },
): { features: Features; show: string[] } {
  const features: Features = {};
  const show: string[] = [];
  // Names of stored columns differ in more than case.
  const taken = new Set(["id", "title"]);
  for (const column of survey.columns) {
    const stored = column.name.toLowerCase();
    if (column.name === id || column.name === title || taken.has(stored)) continue;
    if (column.filledCount === 0 || column.nulCount > 0) continue;
    const feature = guessFeature(column);
    if (feature === undefined) continue;
    taken.add(stored);
    features[column.name] = feature;
    if (feature.kind !== "number" && show.length < mostShown) show.push(column.name);
  }
  return { features, show };
}

function guessFeature(column: ColumnSurvey): Features[string] | undefined {
  const name = simplifyName(column.name);
  const separator = findSeparator(column, setNames.test(name) ? ["|", ";", ","] : ["|"]);
  if (separator !== undefined) return { kind: "set", separator };
  const { filledCount, distinctCount, numberCount } = column;
  if (numberNames.test(name)) return numberCount === filledCount ? { kind: "number" } : undefined;
  const isCategory = categoryNames.test(name) || setNames.test(name);
  const isFew = distinctCount <= mostLevels && distinctCount * leastItemsPerLevel <= filledCount;
  // One value for all items tells them not apart; numbers without a name of a category are amounts.
  if (distinctCount < 2 || !isFew || (numberCount > 0 && !isCategory)) return undefined;
  return { kind: "category" };
}

function findSeparator(
  { separated, filledCount }: ColumnSurvey,
  allowed: readonly Separator[],
): Separator | undefined {
  return allowed.find((separator) => separated[separator] > leastSeparated * filledCount);
}
