/** Gradients of tables: the rows of a batch are added onto zeros, and the zeros are put back after the update. */
import type { Tensor } from "@attune/contracts";
import type { UpdateProgram, UpdateTable } from "@attune/trace";
import type { KernelThreads } from "./kernel-threads.ts";
import { alignAddress, type Layout } from "./plan-memory.ts";
import { clearRows, scatterRows } from "./rows.ts";
import type { WasmMemory } from "./wasm-memory.ts";

type Outputs = Readonly<Record<string, Tensor>>;

/** Where the places of each part lie, behind the state, and the rows of one part behind them all. */
interface Room {
  readonly placesAt: readonly number[];
  readonly rowsAt: number;
  readonly end: number;
}

/** What a table gradient needs from the kernel. */
export interface TableContext {
  readonly memory: WasmMemory;
  readonly layout: Layout;
  readonly threads: KernelThreads;
  /** Whether this many floats from an address on are finite. */
  isAllFinite(address: number, length: number): boolean;
}

function partsOf({ tables }: UpdateProgram) {
  return tables.flatMap((table) => table.scattered.map((part) => ({ table, part })));
}

function lengthOf(outputs: Outputs, name: string): number {
  return outputs[name]?.data.length ?? 0;
}

/**
 * Memory that one step's rows take.
 *
 * @param from - where it begins.
 */
export function planRoom(program: UpdateProgram, from: number, outputs: Outputs): Room {
  const parts = partsOf(program);
  const placesAt: number[] = [];
  let end = from;
  for (const { part } of parts) {
    placesAt.push(end);
    end += alignAddress(4 * lengthOf(outputs, part.places));
  }
  const rows = parts.map(({ part }) => alignAddress(4 * lengthOf(outputs, part.rows)));
  return { placesAt, rowsAt: end, end: end + Math.max(0, ...rows) };
}

/**
 * Adds each part's rows to its table, which holds zeros (or what the graph gave).
 *
 * @returns the table with a row that is not finite; its content is of no use then.
 */
export function addRows(
  program: UpdateProgram,
  room: Room,
  outputs: Outputs,
  context: TableContext,
): UpdateTable | undefined {
  const { memory, layout, threads } = context;
  const parts = partsOf(program).map(({ table, part }, index) => {
    const given = outputs[part.places]?.data ?? [];
    const places = writePlaces(memory, room.placesAt[index] ?? 0, given, rowCountOf(program, table));
    return { table, part, places };
  });
  for (const { table, part, places } of parts) {
    const rows = outputs[part.rows]?.data;
    if (!(rows instanceof Float32Array)) continue;
    const padded = new Float32Array(memory.buffer, room.rowsAt, alignAddress(4 * rows.length) / 4);
    padded.set(rows);
    padded.fill(0, rows.length);
    if (!context.isAllFinite(room.rowsAt, rows.length)) return table;
    const address = layout.addressOf(table.name);
    const values = [places.byteOffset, room.rowsAt, places.length, part.repeat, 4 * table.width, address];
    threads.run([[{ target: scatterRows, values }]]);
  }
  return undefined;
}

/** Puts back the zeros of the rows that `addRows` touched. */
export function clearTables(
  program: UpdateProgram,
  room: Room,
  outputs: Outputs,
  context: TableContext,
): void {
  const { layout, threads } = context;
  for (const [index, { table, part }] of partsOf(program).entries()) {
    if (table.dense !== undefined) continue;
    const count = lengthOf(outputs, part.places);
    const values = [room.placesAt[index] ?? 0, count, 4 * table.width, layout.addressOf(table.name)];
    threads.run([[{ target: clearRows, values }]]);
  }
}

function rowCountOf({ groups }: UpdateProgram, { name, width }: UpdateTable): number {
  return (groups.find(({ gradients }) => gradients.includes(name))?.size ?? 0) / width;
}

/**
 * The engine has gathered from these places before, so they lie in `[-rowCount, rowCount)`; below 0 it counts from the
 * end.
 */
function writePlaces(
  memory: WasmMemory,
  address: number,
  places: Tensor["data"] | readonly never[],
  rowCount: number,
): Int32Array {
  const target = new Int32Array(memory.buffer, address, places.length);
  for (let index = 0; index < places.length; index++) {
    const place = Number(places[index]);
    const row = place < 0 ? place + rowCount : place;
    if (!(row >= 0 && row < rowCount)) throw new RangeError(`place ${place} in a table of ${rowCount} rows`);
    target[index] = row;
  }
  return target;
}
