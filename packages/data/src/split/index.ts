/** The one list of splits, and the check that a split left something in each role. */
import { AttuneError, type EventRole, eventRole } from "@attune/contracts";
import type { SplitConfig } from "@attune/contracts/config";
import type { Engine } from "../engine/engine.ts";
import { readRows } from "../engine/rows.ts";
import { type Sql, sql } from "../sql/sql.ts";
import { byUserSplit } from "./by-user.ts";
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
};

/** Roles without which there is nothing to fit, to choose by or to report. */
const neededRoles = ["train", "validation", "test"] as const satisfies readonly EventRole[];

/**
 * Builds `split_events`: `row_id, user_code, item_code, ts, weight` (float) and `role` (tinyint).
 *
 * @param from - the cleaned events with their final weight.
 * @returns events per role, every role named.
 * @throws {AttuneError} `DATA_SPLIT_EMPTY` naming every role without events.
 */
export async function splitEvents(
  engine: Engine,
  from: Sql,
  config: SplitConfig,
  input: { readonly seed: number; readonly eventCount: number },
): Promise<Record<EventRole, number>> {
  const split = splits[config.kind] as Split<SplitKind>;
  const assigned = await split.assign({ engine, from, config, ...input } as SplitInput<SplitKind>);
  await engine.materialize(
    "split_events",
    sql`select row_id, user_code, item_code, ts, cast(weight as float) as weight, cast(role as tinyint) as role
      from (${assigned}) assigned`,
  );
  const rows = await readRows(engine, sql`select role, count(*) from split_events group by role`);
  const countOf = new Map(rows.map(([code, count]) => [Number(code), Number(count)]));
  const counts = Object.fromEntries(
    Object.entries(eventRole).map(([role, code]) => [role, countOf.get(code) ?? 0]),
  ) as Record<EventRole, number>;
  const empty = neededRoles.filter((role) => counts[role] === 0);
  if (empty.length > 0) {
    throw new AttuneError("DATA_SPLIT_EMPTY", {
      role: empty.join(" and no "),
      split: config.kind,
      hint: split.hint,
    });
  }
  return counts;
}
