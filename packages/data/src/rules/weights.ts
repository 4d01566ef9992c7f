/** The weight of an event in its last form. */
import type { DataConfig } from "@attune/contracts/config";
import type { Engine } from "../engine/engine.ts";
import { readNumbers } from "../engine/rows.ts";
import { type Sql, sql, table } from "../sql/sql.ts";
import type { RuleLog } from "./rule-log.ts";

const dayMs = 86_400_000;

/**
 * Weights outside count as the nearest end, as in an artifact (`weightRange` of @attune/features): else training would rank
 * by other weights than those a request may send, and float32 sums of decayed weights would underflow.
 */
const weightRange = { smallest: 1e-15, largest: 1e15 };

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
  return sql`least(greatest(${weight}, ${weightRange.smallest}), ${weightRange.largest})`;
}
