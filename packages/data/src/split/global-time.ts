/** The newest events of all users are the test, the next newest the validation. */
import { eventRole } from "@attune/contracts";
import { sql } from "../sql/sql.ts";
import type { Split } from "./split.ts";
import { findCuts, placesOfShares } from "./time-cuts.ts";

/** Cuts at two instants: those that the config names, or those that give each side its share of all events. */
export const globalTimeSplit: Split<"global-time"> = {
  kind: "global-time",
  hint: "many events share one time, or none lies behind an instant: move the instants, give finer times, or use leave-last-out, random or by-user",
  async assign({ engine, from, eventCount, config }) {
    const { validationFrom, testFrom } = config;
    const [validationMs, testMs] =
      validationFrom !== undefined && testFrom !== undefined
        ? [Date.parse(validationFrom), Date.parse(testFrom)]
        : await findCuts(engine, from, placesOfShares(eventCount, config));
    return sql`select row_id, user_code, item_code, ts, weight, case
        when ts >= ${testMs!} then ${eventRole.test}
        when ts >= ${validationMs!} then ${eventRole.validation}
        else ${eventRole.train} end as role
      from ${from} e`;
  },
};
