/** Typed rows to events: rows without ids and event types of weight 0 go, ids get codes. */
import type { RecommendDataConfig } from "@attune/contracts/config";
import type { Engine } from "../engine/engine.ts";
import { sql } from "../sql/sql.ts";
import type { RuleLog } from "./rule-log.ts";
import type { TypedCounts } from "./type-rows.ts";

/**
 * Builds `events` (`row_id, user_code, item_code, ts, kind, rating, weight, given`) and the ids behind the codes,
 * `all_users` and `all_items`, from the rows of `typed_rows` without a problem. Codes follow the byte order of the ids.
 *
 * @throws {AttuneError} `DATA_EMPTY`.
 */
export async function parseEvents(
  engine: Engine,
  counts: TypedCounts,
  rules: RecommendDataConfig["rules"],
  log: RuleLog,
): Promise<void> {
  log.add("missing ids", log.rows - counts.missingIds);
  if (rules.eventWeights !== undefined) log.add("event types", counts.good);
  await engine.materialize(
    "all_users",
    sql`select user_id, row_number() over (order by user_id asc) as user_code
      from (select user_id from typed_rows where problem = 0 group by user_id) ids`,
  );
  await engine.materialize(
    "all_items",
    sql`select item_id, row_number() over (order by item_id asc) as item_code
      from (select item_id from typed_rows where problem = 0 group by item_id) ids`,
  );
  await engine.materialize(
    "events",
    sql`select r.row_id, u.user_code, i.item_code, r.ts, r.kind, r.rating, r.weight, r.given
      from typed_rows r
      join all_users u on u.user_id = r.user_id
      join all_items i on i.item_id = r.item_id
      where r.problem = 0`,
  );
  await engine.discard("typed_rows");
}
