/** The weight of an event in its last form. */
import { weightRange } from "@attune/contracts";
import type { RecommendDataConfig } from "@attune/contracts/config";
import { type Sql, sql } from "../sql/sql.ts";
import type { RuleLog } from "./rule-log.ts";

const dayMs = 86_400_000;

/** `2^1000` is the heaviest an event can grow that is newer than the clock; more would leave a double. */
const mostHalfLives = 1000;

/** The weight of a raw event: that of its type, times its rating where ratings are weights. */
export function describeRawWeight({ weightByRating }: RecommendDataConfig["rules"]): Sql {
  return weightByRating ? sql`weight * rating` : sql`weight`;
}

/**
 * The weight as an expression over `weight` and `ts`: decayed as `2^(−age / halfLife)`, where the age is the distance
 * to `newestMs`, the newest event of those that the rules may learn from. A newer event, of validation, weighs more.
 */
export function describeWeight(
  { halfLifeDays, weightByRating }: RecommendDataConfig["rules"],
  newestMs: number,
  log: RuleLog,
): Sql {
  let weight = sql`weight`;
  if (halfLifeDays !== undefined) {
    const halfLifeMs = halfLifeDays * dayMs;
    const halfLives = sql`least(cast(ts - ${newestMs} as double) / ${halfLifeMs}, ${mostHalfLives})`;
    weight = sql`weight * pow(cast(2 as double), ${halfLives})`;
    log.add("time decay", log.rows, `half-life ${halfLifeDays} days`);
  }
  if (weightByRating) log.add("weight by rating", log.rows);
  // Held to what a request may send: else training would rank by other weights than an artifact is asked with.
  return sql`cast(least(greatest(${weight}, ${weightRange.min}), ${weightRange.max}) as float)`;
}
