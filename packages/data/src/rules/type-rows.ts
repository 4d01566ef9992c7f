/** Text rows to typed ones, each with its problem: what keeps it from being an event. */
import type { RecommendDataConfig } from "@attune/contracts/config";
import type { Engine } from "../engine/engine.ts";
import { readRows } from "../engine/rows.ts";
import { joinSql, type Sql, sql } from "../sql/sql.ts";
import type { SourceColumns } from "./source-columns.ts";
import { type ValueDefect, valueDefects } from "./value-defects.ts";

/** `problem` of a row that is an event. */
const none = 0;
/** `problem` of rows that a rule drops: they are not bad, and nothing else in them is looked at. */
const missingIds = -1;
const zeroWeight = -2;

/** The `problem` of a bad row. */
export const problemOf = (kind: ValueDefect): number => valueDefects.indexOf(kind) + 1;

export interface TypedCounts {
  readonly missingIds: number;
  readonly zeroWeight: number;
  readonly good: number;
  /** Bad rows by kind. */
  readonly bad: ReadonlyMap<ValueDefect, number>;
}

/**
 * Builds `typed_rows` from `source_rows`: `row_id, user_id, item_id, kind, ts, rating, weight, given, problem`. `ts` is
 * epoch milliseconds, 0 without a time column; `kind` the event's type, "" without one; `rating` null without a rating
 * column; `given` the role that a given split names; `problem` the first that is found, 0 for an event.
 */
export async function typeRows(
  engine: Engine,
  columns: SourceColumns,
  { rules, split }: RecommendDataConfig,
): Promise<TypedCounts> {
  const { user, item, type, typeWeight, rating, time, givenRole } = columns;
  const hasTypes = type !== undefined && rules.eventWeights !== undefined;
  const { containsNul } = engine.dialect;
  const checks: (readonly [Sql, number] | undefined)[] = [
    [sql`is_broken = 1`, problemOf("json")],
    [sql`user_id is null or item_id is null or user_id = '' or item_id = ''`, missingIds],
    [sql`${containsNul(sql`user_id`)} or ${containsNul(sql`item_id`)}`, problemOf("nul")],
    hasTypes ? [sql`weight is null`, problemOf("type")] : undefined,
    hasTypes ? [sql`weight <= 0`, zeroWeight] : undefined,
    split?.kind === "given" ? [sql`given is null`, problemOf("role")] : undefined,
    time && [sql`ts is null`, problemOf("time")],
    rating && [sql`rating is null`, problemOf("rating")],
  ];
  const cases = checks.flatMap((check) =>
    check === undefined ? [] : [sql`when ${check[0]} then ${check[1]}`],
  );
  await engine.materialize(
    "typed_rows",
    sql`select row_id, user_id, item_id, kind, ts, rating, weight, given,
        cast(case ${joinSql(cases, " ")} else ${none} end as tinyint) as problem
      from (
        select row_id, is_broken, ${user} as user_id, ${item} as item_id,
          ${type === undefined ? sql`''` : sql`coalesce(${type}, '')`} as kind,
          ${time?.value ?? sql`cast(0 as bigint)`} as ts,
          ${rating?.value ?? sql`cast(null as double)`} as rating,
          ${typeWeight} as weight, ${givenRole} as given
        from source_rows
      ) typed`,
  );
  const rows = await readRows(engine, sql`select problem, count(*) from typed_rows group by problem`);
  const counts = new Map(rows.map(([problem, count]) => [Number(problem), Number(count)]));
  return {
    missingIds: counts.get(missingIds) ?? 0,
    zeroWeight: counts.get(zeroWeight) ?? 0,
    good: counts.get(none) ?? 0,
    bad: new Map(
      valueDefects.flatMap((kind) => {
        const count = counts.get(problemOf(kind));
        return count === undefined ? [] : [[kind, count] as const];
      }),
    ),
  };
}
