/** The one list of splits, and the check that a split left something in each role. */
import { AttuneError, type EventRole, eventRole } from "@attune/contracts";
import { readRows } from "../engine/rows.ts";
import { sql } from "../sql/sql.ts";
import { byUserSplit } from "./by-user.ts";
import { givenSplit } from "./given.ts";
import { globalTimeSplit } from "./global-time.ts";
import { leaveLastOutSplit } from "./leave-last-out.ts";
import { randomSplit } from "./random.ts";
import type { Split, SplitInput, SplitKind } from "./split.ts";

/** A new kind is a compile error until it stands here. */
const splits: { readonly [K in SplitKind]: Split<K> } = {
  "global-time": globalTimeSplit,
  "leave-last-out": leaveLastOutSplit,
  random: randomSplit,
  "by-user": byUserSplit,
  given: givenSplit,
};

/** Roles without which there is nothing to fit, to choose by or to report. */
const neededRoles = ["train", "validation", "test"] as const satisfies readonly EventRole[];

/**
 * Builds `split_events`: `row_id, user_code, item_code, ts, weight` and `role` (tinyint), from raw events.
 *
 * @returns train events.
 * @throws {AttuneError} `DATA_SPLIT_EMPTY` naming every role without events; `DATA_GIVEN_SPLIT`.
 */
export async function splitEvents(input: SplitInput<SplitKind>): Promise<number> {
  const { engine, config } = input;
  const split = splits[config.kind] as Split<SplitKind>;
  const assigned = await split.assign(input);
  await engine.materialize(
    "split_events",
    sql`select row_id, user_code, item_code, ts, weight, cast(role as tinyint) as role
      from (${assigned}) assigned`,
  );
  const rows = await readRows(engine, sql`select role, count(*) from split_events group by role`);
  const countOf = new Map(rows.map(([code, count]) => [Number(code), Number(count)]));
  const empty = neededRoles.filter((role) => !countOf.has(eventRole[role]));
  if (empty.length > 0) {
    throw new AttuneError("DATA_SPLIT_EMPTY", {
      role: empty.join(" and no "),
      split: config.kind,
      hint: split.hint,
    });
  }
  return countOf.get(eventRole.train)!;
}
