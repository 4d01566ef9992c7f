/** The weight of an event in its last form. */
import { weightRange } from "@attune/contracts";
import type { DataConfig } from "@attune/contracts/config";
import type { Engine } from "../engine/engine.ts";
import { readNumbers } from "../engine/rows.ts";
import { type Sql, sql, table } from "../sql/sql.ts";
import type { RuleLog } from "./rule-log.ts";

const dayMs = 86_400_000;

/**
 * The weight as an expression over the columns of `pairs`: decayed as `2^(−age / halfLife)`, where the age is the
 * distance to the newest event that is left, and multiplied by the rating if so configured.
 */
export async function describeWeight(
  engine: Engine,
  from: string,
  rules: DataConfig["rules"],
  log: RuleLog,
): Promise<Sql> {
  const { halfLifeDays, weightByRating } = rules;
  let weight = weightByRating ? sql`rated_weight` : sql`weight`;
  if (halfLifeDays !== undefined) {
    const [newest] = await readNumbers(engine, sql`select max(ts) from ${table(from)}`);
    const halfLifeMs = halfLifeDays * dayMs;
    weight = sql`${weight} * pow(cast(2 as double), cast(ts - ${newest!} as double) / ${halfLifeMs})`;
    log.add("time decay", log.rows, `half-life ${halfLifeDays} days`);
  }
  if (weightByRating) log.add("weight by rating", log.rows);
  // Held to what a request may send: else training would rank by other weights than an artifact is asked with.
  return sql`least(greatest(${weight}, ${weightRange.min}), ${weightRange.max})`;
}
