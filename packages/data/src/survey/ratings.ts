/** Which numbers stand in a column of ratings. */
import type { Engine } from "../engine/engine.ts";
import { readRows } from "../engine/rows.ts";
import { readRating } from "../rules/source-columns.ts";
import { type Sql, sql } from "../sql/sql.ts";

export interface RatingSurvey {
  /** Rows with a number that `prepareDataset` takes as a rating. */
  readonly count: number;
  /** Rows with nothing, and with something else. */
  readonly otherCount: number;
  /** One of the values that are something else; `""` where there is none. */
  readonly otherExample: string;
  /** Smallest and largest number; NaN when there is none. */
  readonly min: number;
  readonly max: number;
}

export async function surveyRatings(engine: Engine, text: Sql): Promise<RatingSurvey> {
  const [[rows, count, example, min, max] = []] = await readRows(
    engine,
    sql`select count(*), count(value), min(case when value is null and text <> '' then text end), min(value), max(value)
      from (select ${readRating(text, engine.dialect)} as value, ${text} as text from survey_rows) v`,
  );
  return {
    count: Number(count),
    otherCount: Number(rows) - Number(count),
    otherExample: String(example ?? ""),
    min: Number(min ?? Number.NaN),
    max: Number(max ?? Number.NaN),
  };
}
