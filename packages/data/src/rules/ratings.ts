/** Rules on the rating column. */
import { AttuneError } from "@attune/contracts";
import type { RecommendDataConfig } from "@attune/contracts/config";
import type { Engine } from "../engine/engine.ts";
import { readNumbers } from "../engine/rows.ts";
import { type Sql, sql } from "../sql/sql.ts";
import type { RuleLog } from "./rule-log.ts";

/** @throws {AttuneError} `DATA_CONSTANT_RATING` when several events all have one rating. */
export async function refuseConstantRating(engine: Engine, path: string, column: string): Promise<void> {
  const [count, lowest, highest] = await readNumbers(
    engine,
    sql`select count(*), min(rating), max(rating) from events`,
  );
  if (count! > 1 && lowest === highest) {
    throw new AttuneError("DATA_CONSTANT_RATING", { path, column, value: lowest! });
  }
}

/**
 * The rule on low ratings. With `weightByRating` an event rated 0 or less cannot weigh anything and goes too.
 *
 * @returns the condition for events that stay.
 */
export async function keepRatings(
  engine: Engine,
  rules: RecommendDataConfig["rules"],
  log: RuleLog,
): Promise<Sql> {
  const { minRating, weightByRating } = rules;
  if (minRating === undefined && !weightByRating) return sql`1 = 1`;
  const kept = sql`${minRating === undefined ? sql`1 = 1` : sql`rating >= ${minRating}`}${weightByRating ? sql` and rating > 0` : sql``}`;
  const [rowsAfter] = await readNumbers(engine, sql`select count(*) from events where ${kept}`);
  const bounds = [
    ...(minRating === undefined ? [] : [`rated ${minRating} or more`]),
    ...(weightByRating ? ["rated above 0, to be a weight"] : []),
  ];
  log.add("minimum rating", rowsAfter!, bounds.join("; "));
  return kept;
}
