/** One event per user and item. */
import type { DataConfig } from "@attune/contracts/config";
import type { Engine } from "../engine/engine.ts";
import { type Sql, sql } from "../sql/sql.ts";
import type { RuleLog } from "./rule-log.ts";

/**
 * Builds `pairs` (`row_id, user_code, item_code, ts, weight, rated_weight`), one row per user and item.
 *
 * - `last`: the newest event; of equally new ones the one furthest down the file.
 * - `highest`: the highest rated, then the heaviest, then the last.
 * - `sum`: weights add up, the time is the newest. Summed as decimals: a sum of doubles depends on its order.
 *
 * `rated_weight` is the weight times the rating, for `weightByRating`.
 */
export async function mergeDuplicates(
  engine: Engine,
  rule: DataConfig["rules"]["duplicates"],
  kept: Sql,
  log: RuleLog,
): Promise<void> {
  const rows = await engine.materialize("pairs", rule === "sum" ? sumQuery(kept) : bestQuery(rule, kept));
  await engine.discard("events");
  log.add("duplicates", rows, rule);
}

function bestQuery(rule: "last" | "highest", kept: Sql): Sql {
  const best = rule === "highest" ? sql`rating desc nulls last, weight desc, ` : sql``;
  return sql`select row_id, user_code, item_code, ts, weight, weight * coalesce(rating, 1) as rated_weight
    from (
      select *, row_number() over (partition by user_code, item_code order by ${best}ts desc, row_id desc) as place
      from events where ${kept}
    ) ranked
    where place = 1`;
}

function sumQuery(kept: Sql): Sql {
  return sql`select max(row_id) as row_id, user_code, item_code, max(ts) as ts,
      cast(sum(cast(weight as decimal(38, 12))) as double) as weight,
      cast(sum(cast(weight * coalesce(rating, 1) as decimal(38, 12))) as double) as rated_weight
    from events where ${kept}
    group by user_code, item_code`;
}
