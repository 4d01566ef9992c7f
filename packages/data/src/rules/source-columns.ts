/** The events file's columns as expressions over the table `source_rows`. */
import type { RecommendDataConfig } from "@attune/contracts/config";
import { largestMagnitude } from "../config-check.ts";
import type { Dialect } from "../engine/dialect.ts";
import { joinSql, type Sql, sql, table } from "../sql/sql.ts";

/** The largest distance from 1970 that a JavaScript date can hold, milliseconds. */
const largestTimeMs = 8.64e15;

export interface SourceColumns {
  /** Columns to import, in the order of `c0`, `c1`, … */
  readonly names: readonly string[];
  readonly user: Sql;
  readonly item: Sql;
  /** Absent when the config maps none. */
  readonly type: Sql | undefined;
  readonly rating: ValueColumn | undefined;
  readonly time: ValueColumn | undefined;
  /** Rows with both ids. */
  readonly hasIds: Sql;
  /** Weight of the event's type as a double; null for a type without a weight. */
  readonly typeWeight: Sql;
}

export interface ValueColumn {
  /** As the file names it. */
  readonly name: string;
  readonly text: Sql;
  /** Null where the text is no such value. */
  readonly value: Sql;
  /** What the text should be, for an error. */
  readonly expected: string;
}

/** @param timeColumns - columns that are dates by the file's schema; they are read as such whatever `timeUnit` says. */
export function describeColumns(
  data: RecommendDataConfig,
  dialect: Dialect,
  timeColumns: ReadonlySet<string> = new Set(),
): SourceColumns {
  const { user, item, rating, time, type } = data.events.columns;
  const names = [user, item, rating, time, type].filter((name) => name !== undefined);
  const column = (name: string) => table(`c${names.indexOf(name)}`);
  const timeUnit = time !== undefined && timeColumns.has(time) ? "iso" : data.events.timeUnit;
  const typeColumn = type === undefined ? undefined : column(type);
  return {
    names,
    user: column(user),
    item: column(item),
    type: typeColumn,
    rating: rating === undefined ? undefined : describeRating(rating, column(rating), dialect),
    time: time === undefined ? undefined : describeTime(time, column(time), timeUnit, dialect),
    hasIds: sql`${column(user)} <> '' and ${column(item)} <> ''`,
    typeWeight: describeTypeWeight(typeColumn, data.rules.eventWeights, dialect),
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
