/** What the figures are measured on: roles, catalogue and weights, each learned from the train events alone. */
import { AttuneError, eventRole } from "@attune/contracts";
import type { RecommendDataConfig } from "@attune/contracts/config";
import type { Engine } from "../engine/engine.ts";
import { readNumbers } from "../engine/rows.ts";
import { describeCore, keepCore } from "../rules/k-core.ts";
import type { RuleLog } from "../rules/rule-log.ts";
import { describeWeight } from "../rules/weights.ts";
import { type Sql, sql, table } from "../sql/sql.ts";
import { createItems } from "./items.ts";
import type { CatalogueTables } from "./tables.ts";

/** Users without whom nothing can be learned and measured. */
const neededUsers = 2;

/** Marks a test event that is no target: no step of the measurement may see it. */
const noRole = -1;

/**
 * Builds `measured_events` (with `item_index` and the final `role`), `measured_users` and `measured_items`.
 *
 * - The catalogue is what k-core leaves of the train items; an event with another item has the index −1.
 * - A train event that k-core drops, for its user or its item, is history and no more.
 * - Targets that repeat what the user had met lose their part as `rules.repeats` says.
 * - Users who are fitted on come first, then those of validation, then those whom only the test knows, each by id: who
 *   appears later moves no index of those before.
 *
 * @param trainCount - train events of `split_events`.
 * @throws {AttuneError} `DATA_EMPTY`, `DATA_TOO_FEW_USERS`.
 */
export async function measureEvents(
  engine: Engine,
  rules: RecommendDataConfig["rules"],
  trainCount: number,
  log: RuleLog,
): Promise<CatalogueTables> {
  log.begin("train", trainCount);
  const train = sql`(select * from split_events where role = ${eventRole.train})`;
  const core = await keepCore(engine, "train", train, rules);
  const itemCount = await createItems(engine, "measured_items", core.table);
  await engine.materialize("measured_events", rolesQuery(table(core.table), rules.repeats));
  await engine.discard(core.table);
  const fitted = sql`(select * from measured_events where role = ${eventRole.train})`;
  const [events, users, newest] = await readNumbers(
    engine,
    sql`select count(*), count(distinct user_code), max(ts) from ${fitted} fitted`,
  );
  if (core.rounds > 0) log.add("k-core", events!, describeCore(rules, core.rounds));
  if (users! < neededUsers)
    throw new AttuneError("DATA_TOO_FEW_USERS", { users: users!, needed: neededUsers });
  const userCount = await createUsers(engine);
  return {
    events: sql`(select * from measured_events where role <> ${noRole})`,
    users: "measured_users",
    items: "measured_items",
    userCount,
    itemCount,
    weight: describeWeight(rules, newest!, log),
  };
}

/**
 * The events of a pair of user and item are numbered in the order in which roles are shown: what validation shows as
 * history, then what it asks for and the test shows, then what the test asks for; within these by time and row. A
 * target that is not the first of its pair repeats what the user had met.
 */
function rolesQuery(core: Sql, repeats: "drop" | "keep"): Sql {
  const { train, validation, test, testHistory, history, validationRepeat } = eventRole;
  const role =
    repeats === "keep"
      ? sql`role`
      : sql`case when occurrence > 1 and role = ${validation} then ${validationRepeat}
          when occurrence > 1 and role = ${test} then ${noRole} else role end`;
  return sql`select row_id, user_code, item_code, item_index, ts, weight, given_role,
      cast(${role} as tinyint) as role
    from (
      select e.row_id, e.user_code, e.item_code, coalesce(i.item_index, -1) as item_index, e.ts, e.weight,
        e.role as given_role,
        case when e.role = ${train} and (u.user_code is null or i.item_code is null) then ${history}
          else e.role end as role,
        row_number() over (partition by e.user_code, e.item_code
          order by case when e.role = ${test} then 2 when e.role = ${validation} or e.role = ${testHistory} then 1
            else 0 end asc, e.ts asc, e.row_id asc) as occurrence
      from split_events e
      left join (select user_code from ${core} group by user_code) u on u.user_code = e.user_code
      left join measured_items i on i.item_code = e.item_code
    ) placed`;
}

async function createUsers(engine: Engine): Promise<number> {
  const { train, test, testHistory } = eventRole;
  return await engine.materialize(
    "measured_users",
    sql`select user_code, cast(row_number() over (order by stage asc, user_code asc) - 1 as int) as user_index
      from (
        select user_code, min(case when role = ${train} then 0
          when role = ${test} or role = ${testHistory} then 2 else 1 end) as stage
        from measured_events where role <> ${noRole} group by user_code
      ) staged`,
  );
}
