/** The events file's columns as expressions over the table `source_rows`. */
import { eventRole } from "@attune/contracts";
import type { RecommendDataConfig } from "@attune/contracts/config";
import { largestMagnitude } from "../config-check.ts";
import type { Dialect } from "../engine/dialect.ts";
import type { EventParts } from "../source/import-events.ts";
import { joinSql, type Sql, sql, table } from "../sql/sql.ts";

/** What a given split may say of a row. */
export const givenRoles = ["train", "validation", "test"] as const;

/**
 * The end of the year 9999, epoch milliseconds. What is later is most likely of another unit, such as milliseconds where
 * seconds are asked for.
 */
export const latestTimeMs = 253_402_300_799_999;

export type TimeUnit = RecommendDataConfig["events"]["timeUnit"];

export interface SourceColumns {
  readonly user: Sql;
  readonly item: Sql;
  /** Absent when the config maps none. */
  readonly type: Sql | undefined;
  readonly rating: ValueColumn | undefined;
  readonly time: ValueColumn | undefined;
  /** Weight of the event's type as a double; null for a type without a weight. */
  readonly typeWeight: Sql;
  /** Code of the role that a given split names; null for another value, and where no split is given. */
  readonly givenRole: Sql;
  /** What a given split's column holds; absent without one. */
  readonly givenText: Sql | undefined;
}

export interface ValueColumn {
  /** As the file names it. */
  readonly name: string;
  /** What the file holds there. */
  readonly text: Sql;
  /** Null where the text is no such value. */
  readonly value: Sql;
  /** What the text should be, for an error. */
  readonly expected: string;
}

/** Columns of an events file that the config names, each once, in the order of `c0`, `c1`, … */
export function eventColumns({ events, split }: RecommendDataConfig): readonly string[] {
  const { user, item, rating, time, type } = events.columns;
  const role = split?.kind === "given" ? split.column : undefined;
  return [user, item, rating, time, type, role].filter((name) => name !== undefined);
}

/** @param parts - where the rows of which file lie, and which columns are dates by the file's own schema: these are read as such whatever `timeUnit` says. */
export function describeColumns(
  data: RecommendDataConfig,
  dialect: Dialect,
  parts: EventParts,
): SourceColumns {
  const { timeColumns } = parts;
  const { user, item, rating, time, type } = data.events.columns;
  const names = eventColumns(data);
  const column = (name: string) => table(`c${names.indexOf(name)}`);
  const given = data.split?.kind === "given" ? data.split : undefined;
  const givenText = given?.column === undefined ? undefined : column(given.column);
  const timeUnit = time !== undefined && timeColumns.has(time) ? "iso" : data.events.timeUnit;
  const typeColumn = type === undefined ? undefined : column(type);
  return {
    user: column(user),
    item: column(item),
    type: typeColumn,
    rating: rating === undefined ? undefined : describeRating(rating, column(rating), dialect),
    time: time === undefined ? undefined : describeTime(time, column(time), timeUnit, dialect),
    typeWeight: describeTypeWeight(typeColumn, data.rules.eventWeights, dialect),
    givenRole: describeGivenRole(given !== undefined, givenText, parts, dialect),
    givenText,
  };
}

function describeRating(name: string, text: Sql, dialect: Dialect): ValueColumn {
  const expected = `a number from -${largestMagnitude} to ${largestMagnitude}`;
  return { name, text, value: readRating(text, dialect), expected };
}

const unitNames: Record<TimeUnit, string> = {
  s: "epoch seconds",
  ms: "epoch milliseconds",
  iso: "ISO 8601",
};

function describeTime(name: string, text: Sql, unit: TimeUnit, dialect: Dialect): ValueColumn {
  return { name, text, value: readTime(text, unit, dialect), expected: `a time in ${unitNames[unit]}` };
}

/** Epoch milliseconds; null where the text is no time of the unit, or one behind the year 9999. */
export function readTime(text: Sql, unit: TimeUnit, dialect: Dialect): Sql {
  if (unit === "iso") return dialect.isoToEpochMs(text);
  const number = dialect.toNumber(text);
  const factor = unit === "s" ? 1000 : 1;
  return sql`case when abs(${number}) <= ${latestTimeMs / factor} then cast(round(${number} * ${factor}) as bigint) end`;
}

/** Null where the text is no number that a rating can be. */
export function readRating(text: Sql, dialect: Dialect): Sql {
  const number = dialect.toNumber(text);
  return sql`case when abs(${number}) <= ${largestMagnitude} then ${number} end`;
}

function describeTypeWeight(
  type: Sql | undefined,
  weights: RecommendDataConfig["rules"]["eventWeights"],
  dialect: Dialect,
): Sql {
  if (type === undefined || weights === undefined) return sql`cast(1 as double)`;
  const cases = Object.entries(weights).map(
    ([name, weight]) => sql`when ${type} = ${dialect.text(name)} then cast(${weight} as double)`,
  );
  return cases.length === 0 ? sql`cast(null as double)` : sql`case ${joinSql(cases, " ")} end`;
}

function describeGivenRole(
  isGiven: boolean,
  text: Sql | undefined,
  { files }: EventParts,
  dialect: Dialect,
): Sql {
  if (!isGiven) return sql`cast(null as tinyint)`;
  const cases =
    text === undefined
      ? // Later files first: their rows follow those of the earlier ones.
        [...files].reverse().map(({ role, before }) => sql`when row_id > ${before} then ${eventRole[role]}`)
      : givenRoles.map((role) => sql`when ${text} = ${dialect.text(role)} then ${eventRole[role]}`);
  return sql`cast(case ${joinSql(cases, " ")} end as tinyint)`;
}
