/** Which numbers stand in a column of ratings. */
import type { Engine } from "../engine/engine.ts";
import { readNumbers } from "../engine/rows.ts";
import { type Sql, sql } from "../sql/sql.ts";

export interface RatingSurvey {
  /** Rows with a number. */
  readonly count: number;
  /** Rows with nothing, and with something else than a number. */
  readonly otherCount: number;
  /** Smallest and largest number; NaN when there is none. */
  readonly min: number;
  readonly max: number;
}

export async function surveyRatings(engine: Engine, text: Sql): Promise<RatingSurvey> {
  const number = engine.dialect.toNumber(text);
  const [rows, count, min, max] = await readNumbers(
    engine,
    sql`select count(*), count(value), min(value), max(value) from (select ${number} as value from survey_rows) v`,
  );
  return { count: count!, otherCount: rows! - count!, min: min!, max: max! };
}
