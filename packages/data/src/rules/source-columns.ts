/** The events file's columns as expressions over the table `source_rows`. */
import { eventRole } from "@attune/contracts";
import type { RecommendDataConfig } from "@attune/contracts/config";
import { largestMagnitude } from "../config-check.ts";
import type { Dialect } from "../engine/dialect.ts";
import type { EventParts } from "../source/import-events.ts";
import { joinSql, type Sql, sql, table } from "../sql/sql.ts";

/** What a given split may say of a row. */
export const givenRoles = ["train", "validation", "test"] as const;

/** The largest distance from 1970 that a JavaScript date can hold, milliseconds. */
const largestTimeMs = 8.64e15;

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
  const number = dialect.toNumber(text);
  const value = sql`case when abs(${number}) <= ${largestMagnitude} then ${number} end`;
  return { name, text, value, expected: `a number from -${largestMagnitude} to ${largestMagnitude}` };
}

function describeTime(name: string, text: Sql, unit: "s" | "ms" | "iso", dialect: Dialect): ValueColumn {
  if (unit === "iso") {
    return { name, text, value: dialect.isoToEpochMs(text), expected: "a time in ISO 8601" };
  }
  const number = dialect.toNumber(text);
  const factor = unit === "s" ? 1000 : 1;
  const value = sql`case when abs(${number}) <= ${largestTimeMs / factor} then cast(round(${number} * ${factor}) as bigint) end`;
  const expected = `a time in epoch ${unit === "s" ? "seconds" : "milliseconds"}`;
  return { name, text, value, expected };
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
