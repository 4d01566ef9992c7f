/** Instants at which the newest events begin. */
import type { SplitConfig } from "@attune/contracts/config";
import type { Engine } from "../engine/engine.ts";
import { readRows } from "../engine/rows.ts";
import { joinSql, type Sql, sql } from "../sql/sql.ts";

/** Where validation and test begin among `eventCount` events, oldest first from 1; each gets one event at least. */
export function placesOfShares(
  eventCount: number,
  shares: Pick<Extract<SplitConfig, { kind: "global-time" }>, "validation" | "test">,
): readonly [validation: number, test: number] {
  const countOf = (share: number) => Math.max(1, Math.round(eventCount * share));
  const test = Math.max(1, eventCount - countOf(shares.test) + 1);
  return [Math.max(1, test - countOf(shares.validation)), test];
}

/**
 * The times of the events at some places, oldest first from 1. What is as old as the event at a cut lies behind the cut
 * with it, so that no instant lies on both sides: shares are lower bounds where many events share an instant.
 */
export async function findCuts(engine: Engine, from: Sql, places: readonly number[]): Promise<number[]> {
  const wanted = joinSql(
    places.map((place) => sql`place = ${place}`),
    " or ",
  );
  const cuts = await readRows(
    engine,
    sql`select place, ts from (select ts, row_number() over (order by ts asc, row_id asc) as place from ${from} e) ranked
      where ${wanted}`,
  );
  const timeOf = new Map(cuts.map(([place, time]) => [Number(place), Number(time)]));
  return places.map((place) => timeOf.get(place)!);
}
