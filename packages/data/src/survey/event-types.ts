/** The distinct values of a column that may hold event types. */
import type { Engine } from "../engine/engine.ts";
import { readRows } from "../engine/rows.ts";
import { type Sql, sql } from "../sql/sql.ts";

/** More distinct values than this are no types of events. */
export const mostTypes = 50;

export interface TypeSurvey {
  /** Every value with its rows, most frequent first; `undefined` when there are more than `mostTypes`. */
  readonly values: readonly { readonly value: string; readonly count: number }[] | undefined;
  /** Rows without a type. */
  readonly emptyCount: number;
}

export async function countTypes(engine: Engine, text: Sql): Promise<TypeSurvey> {
  const rows = await readRows(
    engine,
    sql`select value, count(*) as n from (select coalesce(${text}, '') as value from survey_rows) v
      group by value order by n desc, value asc limit ${mostTypes + 2}`,
  );
  const counted = rows.map(([value, count]) => ({ value: String(value), count: Number(count) }));
  const values = counted.filter(({ value }) => value !== "");
  return {
    values: values.length > mostTypes ? undefined : values,
    emptyCount: counted.find(({ value }) => value === "")?.count ?? 0,
  };
}
