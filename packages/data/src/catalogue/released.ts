/** What the release is fitted on: every event that passes the rules, whatever its role was. */
import type { RecommendDataConfig } from "@attune/contracts/config";
import type { Engine } from "../engine/engine.ts";
import { readNumbers } from "../engine/rows.ts";
import { describeCore, keepCore } from "../rules/k-core.ts";
import type { RuleLog } from "../rules/rule-log.ts";
import { describeWeight } from "../rules/weights.ts";
import { sql, table } from "../sql/sql.ts";
import { createItems } from "./items.ts";
import type { CatalogueTables } from "./tables.ts";

/**
 * Builds `released_events` (with `item_index`), `released_users` and `released_items`. Users are indexed by id. A core
 * of all events holds that of the train events, so it is never empty.
 *
 * @param eventCount - events of `split_events`.
 */
export async function releaseEvents(
  engine: Engine,
  rules: RecommendDataConfig["rules"],
  eventCount: number,
  log: RuleLog,
): Promise<CatalogueTables & { readonly eventCount: number }> {
  log.begin("release", eventCount);
  const core = await keepCore(engine, "release", sql`split_events`, rules);
  const itemCount = await createItems(engine, "released_items", core.table);
  const userCount = await engine.materialize(
    "released_users",
    sql`select user_code, cast(row_number() over (order by user_code asc) - 1 as int) as user_index
      from (select user_code from ${table(core.table)} group by user_code) kept`,
  );
  await engine.discard(core.table);
  const kept = await engine.materialize(
    "released_events",
    sql`select e.row_id, e.user_code, e.item_code, i.item_index, e.ts, e.weight
      from split_events e
      join released_users u on u.user_code = e.user_code
      join released_items i on i.item_code = e.item_code`,
  );
  if (core.rounds > 0) log.add("k-core", kept, describeCore(rules, core.rounds));
  const [newest] = await readNumbers(engine, sql`select max(ts) from released_events`);
  const weight = describeWeight(rules, newest!, log);
  return {
    events: sql`released_events`,
    users: "released_users",
    items: "released_items",
    userCount,
    itemCount,
    weight,
    eventCount: kept,
  };
}
