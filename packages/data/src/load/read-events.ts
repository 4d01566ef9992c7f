/** The events of a catalogue, back from their file as typed arrays. */
import { join } from "node:path";
import type { Interactions } from "@attune/contracts";
import type { Column, Engine } from "../engine/engine.ts";
import { sql } from "../sql/sql.ts";
import { checkCount, damaged } from "./damaged.ts";

export interface EventCounts {
  readonly events: number;
  readonly users: number;
  readonly items: number;
}

/** Typed arrays by column type. */
interface NumericData {
  int8: Int8Array;
  int32: Int32Array;
  float32: Float32Array;
  float64: Float64Array;
}

/** @throws {AttuneError} `DATA_DAMAGED` for other counts or types than the manifest says, and for another order. */
export async function readEvents(
  engine: Engine,
  dir: string,
  file: string,
  counts: EventCounts,
  hasRoles: boolean,
): Promise<{ events: Interactions; roles: Uint8Array }> {
  const offsets = new Int32Array(counts.users + 1);
  const items = new Int32Array(counts.events);
  const weights = new Float32Array(counts.events);
  const times = new Float64Array(counts.events);
  const roles = new Uint8Array(hasRoles ? counts.events : 0);
  const source = engine.dialect.parquetTable(join(dir, file));
  const role = hasRoles ? sql`, role` : sql``;
  const query = sql`select user_index, item_index, weight, cast(time_ms as double)${role} from (${source}) events`;
  let at = 0;
  let user = 0;
  for await (const { rowCount, columns } of engine.stream(query)) {
    if (at + rowCount > counts.events) break;
    const numbers = <T extends keyof NumericData>(column: Column, type: T): NumericData[T] => {
      if (column.type === type) return column.data as NumericData[T];
      throw damaged(dir, `${file} has a column of ${column.type}, not ${type}`);
    };
    const userIndexes = numbers(columns[0]!, "int32");
    items.set(numbers(columns[1]!, "int32"), at);
    weights.set(numbers(columns[2]!, "float32"), at);
    times.set(numbers(columns[3]!, "float64"), at);
    if (hasRoles) roles.set(numbers(columns[4]!, "int8"), at);
    for (let row = 0; row < rowCount; row++) {
      const next = userIndexes[row]!;
      if (next < user || next >= counts.users) throw damaged(dir, `${file} is not ordered by user`);
      while (user < next) offsets[++user] = at + row;
    }
    at += rowCount;
  }
  checkCount(dir, file, "events", at, counts.events);
  while (user < counts.users) offsets[++user] = at;
  return {
    events: { userCount: counts.users, itemCount: counts.items, offsets, items, weights, times },
    roles,
  };
}
