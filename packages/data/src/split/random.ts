/** Each user's items fall by a seeded hash. */
import { eventRole } from "@attune/contracts";
import { sql } from "../sql/sql.ts";
import { hashPairs, shareBuckets } from "./hash-shares.ts";
import type { Split } from "./split.ts";

/** The key is `seed:user:item`: repeats of a pair stay together, and none moves when other events come or go. */
export const randomSplit: Split<"random"> = {
  kind: "random",
  hint: "there are too few events for such a share: raise data.split.validation and data.split.test, or change the seed",
  async assign({ engine, from, seed, config }) {
    const { test, held } = shareBuckets(config);
    return sql`select row_id, user_code, item_code, ts, weight, case
        when bucket < ${test} then ${eventRole.test}
        when bucket < ${held} then ${eventRole.validation}
        else ${eventRole.train} end as role
      from ${hashPairs(engine, from, seed)} hashed`;
  },
};
