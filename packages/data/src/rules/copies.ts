/** The last of the rules on raw rows: rows that say the same thing are one event. */
import type { Engine } from "../engine/engine.ts";
import { type Sql, sql } from "../sql/sql.ts";
import type { RuleLog } from "./rule-log.ts";

/**
 * Builds `kept_events` (`row_id, user_code, item_code, ts, kind, weight, given`) from the rows of `events` that `kept` names.
 *
 * Rows of one user, item, type and time are copies of one event (of one role, where roles are given), and the one
 * furthest down the file stands. This happens before the split, so that no copy of a train event can become a test
 * event; it tells what an event is and learns nothing. Without a time nothing tells a copy from a repeat, and every row
 * is an event.
 *
 * @param weight - the weight by type and rating, over the columns of `events`.
 */
export async function dropCopies(
  engine: Engine,
  input: { readonly kept: Sql; readonly weight: Sql; readonly hasTime: boolean },
  log: RuleLog,
): Promise<void> {
  const { kept, weight, hasTime } = input;
  const columns = sql`row_id, user_code, item_code, ts, kind, ${weight} as weight, given`;
  const query = hasTime
    ? sql`select ${columns} from (
        select *, row_number() over (
          partition by user_code, item_code, ts, kind, given order by row_id desc) as place
        from events where ${kept}
      ) numbered where place = 1`
    : sql`select ${columns} from events where ${kept}`;
  const rows = await engine.materialize("kept_events", query);
  await engine.discard("events");
  if (hasTime) log.add("exact copies", rows);
}
