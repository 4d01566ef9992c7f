/** The newest events of all users are the test, the next newest the validation. */
import { eventRole } from "@attune/contracts";
import { readRows } from "../engine/rows.ts";
import { sql } from "../sql/sql.ts";
import type { Split } from "./split.ts";

/**
 * Cuts at two instants. An event as old as the oldest test event is a test event too, so that no instant lies on both
 * sides; likewise for validation. Shares are therefore lower bounds where many events share an instant.
 */
export const globalTimeSplit: Split<"global-time"> = {
  kind: "global-time",
  hint: "many events share one time: give finer times, or use leave-last-out, random or by-user",
  async assign({ engine, from, eventCount, config }) {
    const testCount = Math.max(1, Math.round(eventCount * config.test));
    const validationCount = Math.max(1, Math.round(eventCount * config.validation));
    const testRank = Math.max(1, eventCount - testCount + 1);
    const validationRank = Math.max(1, testRank - validationCount);
    const cuts = await readRows(
      engine,
      sql`select place, ts from (select ts, row_number() over (order by ts asc, row_id asc) as place from ${from}) ranked
        where place = ${validationRank} or place = ${testRank}`,
    );
    const cutAt = (rank: number) => Number(cuts.find(([place]) => place === rank)?.[1]);
    return sql`select e.*, case
        when ts >= ${cutAt(testRank)} then ${eventRole.test}
        when ts >= ${cutAt(validationRank)} then ${eventRole.validation}
        else ${eventRole.train} end as role
      from ${from} e`;
  },
};
