/** Whoever made the data says what is train, validation and test: in a column, or by files. */
import { AttuneError, eventRole } from "@attune/contracts";
import { readNumbers, readRows } from "../engine/rows.ts";
import { joinSql, type Sql, sql } from "../sql/sql.ts";
import { hashBuckets, hashPairs } from "./hash-shares.ts";
import type { Split, SplitInput } from "./split.ts";
import { findCuts } from "./time-cuts.ts";

/** Examples of overlaps shown in an error. */
const shownOverlaps = 5;

/**
 * Roles are taken as they are given. Without validation rows, `carve` takes a share of the train rows for it: the
 * newest where there is time, else by a seeded hash of user and item.
 *
 * A row may stand in one role only. With a time that is a row of one user, item, type and time; without one it is a
 * user and an item, unless repeats are kept.
 *
 * @throws {AttuneError} `DATA_GIVEN_SPLIT` with every role that is empty and every overlap.
 */
export const givenSplit: Split<"given"> = {
  kind: "given",
  hint: "all train events share one time, or are too few to carve from: lower data.split.carve or give validation rows",
  async assign(input) {
    const { engine, from, config } = input;
    const counts = await countRoles(input);
    const issues = [...findEmpty(counts, config.carve !== undefined), ...(await findOverlaps(input))];
    if (issues.length > 0) throw new AttuneError("DATA_GIVEN_SPLIT", { path: input.path, issues });
    if (config.carve === undefined) {
      return sql`select row_id, user_code, item_code, ts, weight, given as role from ${from} e`;
    }
    const isTrain = sql`given = ${eventRole.train}`;
    if (input.hasTime) {
      const train = sql`(select * from ${from} e where ${isTrain})`;
      const place = Math.max(1, counts.train - Math.max(1, Math.round(counts.train * config.carve)) + 1);
      const [cut] = await findCuts(engine, train, [place]);
      return carveWhere(from, sql`${isTrain} and ts >= ${cut!}`);
    }
    const carved = Math.round(config.carve * hashBuckets);
    return carveWhere(hashPairs(engine, from, input.seed), sql`${isTrain} and bucket < ${carved}`);
  },
};

function carveWhere(from: Sql, condition: Sql): Sql {
  return sql`select row_id, user_code, item_code, ts, weight,
      case when ${condition} then ${eventRole.validation} else given end as role
    from ${from} e`;
}

interface GivenCounts {
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

async function countRoles({ engine, from }: SplitInput<"given">): Promise<GivenCounts> {
  const count = (code: number) => sql`count(case when given = ${code} then 1 end)`;
  const codes = [eventRole.train, eventRole.validation, eventRole.test];
  const [train, validation, test] = await readNumbers(
    engine,
    sql`select ${joinSql(codes.map(count), ", ")} from ${from} e`,
  );
  return { train: train!, validation: validation!, test: test! };
}

function findEmpty({ train, validation, test }: GivenCounts, carves: boolean): string[] {
  const issues: string[] = [];
  if (train === 0) issues.push("no train row is left");
  if (validation === 0 && !carves) {
    issues.push(
      "no validation row is left; data.split.carve takes a share of the train rows for it (0.1, for example)",
    );
  }
  if (validation > 0 && carves) {
    issues.push(`${validation} rows are validation, so there is nothing to carve: drop data.split.carve`);
  }
  if (test === 0) issues.push("no test row is left");
  return issues;
}

async function findOverlaps(input: SplitInput<"given">): Promise<string[]> {
  const { engine, from, hasTime, keepsRepeats } = input;
  if (!hasTime && keepsRepeats) return [];
  // The copies that a role holds of one event are one already: several rows are in several roles, or a user's repeats.
  const key = hasTime ? sql`user_code, item_code, kind, ts` : sql`user_code, item_code`;
  const twice = sql`(select user_code, item_code, min(given) as least, max(given) as most from ${from} e
    group by ${key} having min(given) < max(given))`;
  const [count] = await readNumbers(engine, sql`select count(*) from ${twice} twice`);
  if (count === 0) return [];
  const rows = await readRows(
    engine,
    sql`select u.user_id, i.item_id, t.least, t.most from ${twice} t
      join all_users u on u.user_code = t.user_code
      join all_items i on i.item_code = t.item_code
      order by t.user_code asc, t.item_code asc, t.least asc, t.most asc limit ${shownOverlaps}`,
  );
  const nameOf = new Map<number, string>(Object.entries(eventRole).map(([name, code]) => [code, name]));
  const what = hasTime ? "of one user, item and time" : "as pairs of user and item";
  const advice = hasTime
    ? "; take each out of all roles but one"
    : "; take each out of all roles but one, or set data.rules.repeats: keep, for things people do again";
  return [
    `events in two roles (${what}): ${count}${advice}`,
    ...rows.map(
      ([user, item, least, most]) =>
        `user "${user}", item "${item}" is in ${nameOf.get(Number(least))} and in ${nameOf.get(Number(most))}`,
    ),
  ];
}
