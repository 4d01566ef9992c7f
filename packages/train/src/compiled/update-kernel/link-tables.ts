/** Gradients of tables: the rows of a batch are linked to the rows of the table that they are added to. */
import type { Tensor } from "@attune/contracts";
import type { UpdateProgram, UpdateTable } from "@attune/trace";
import type { KernelThreads } from "./kernel-threads.ts";
import { linkBytes, linkPlaces } from "./linked-rows.ts";
import { alignAddress, type Layout, type TableLayout } from "./plan-memory.ts";
import type { WasmMemory } from "./wasm-memory.ts";

type Outputs = Readonly<Record<string, Tensor>>;

/** Rows of one step for one table, and where they lie behind the state. */
interface Part {
  readonly table: UpdateTable;
  readonly repeat: number;
  readonly places: Tensor["data"];
  readonly rows: Float32Array;
  readonly placesAt: number;
  readonly linksAt: number;
  readonly rowsAt: number;
}

export interface Parts {
  readonly list: readonly Part[];
  /** Behind the last byte. */
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

/**
 * Memory that one step's rows take.
 *
 * @param from - where it begins.
 */
export function planParts({ tables }: UpdateProgram, from: number, outputs: Outputs): Parts {
  let end = from;
  const take = (bytes: number) => {
    const address = end;
    end += alignAddress(bytes);
    return address;
  };
  const list = tables.flatMap((table) =>
    table.scattered.flatMap((part): Part[] => {
      const places = outputs[part.places]?.data;
      const rows = outputs[part.rows]?.data;
      if (places === undefined || !(rows instanceof Float32Array)) return [];
      const placesAt = take(4 * places.length);
      const linksAt = take(linkBytes * places.length);
      const rowsAt = take(4 * rows.length);
      return [{ table, repeat: part.repeat, places, rows, placesAt, linksAt, rowsAt }];
    }),
  );
  return { list, end };
}

/**
 * Links each part's rows to those of its table; what the step before linked is forgotten.
 *
 * @returns the table with a row that is not finite; nothing may be updated then.
 */
export function linkTables({ list }: Parts, context: TableContext): UpdateTable | undefined {
  const { memory, layout, threads } = context;
  for (const { heads, rowCount } of layout.tables.values()) {
    new Int32Array(memory.buffer, heads, rowCount).fill(0);
  }
  // The last part first, for each goes in front of those linked before.
  for (const part of list.toReversed()) {
    const { table, places, rows, repeat, placesAt, linksAt, rowsAt } = part;
    const { rowBytes, heads, rowCount } = layout.tables.get(table.name) as TableLayout;
    const padded = new Float32Array(memory.buffer, rowsAt, alignAddress(4 * rows.length) / 4);
    padded.set(rows);
    padded.fill(0, rows.length);
    if (!context.isAllFinite(rowsAt, rows.length)) return table;
    writePlaces(new Int32Array(memory.buffer, placesAt, places.length), places);
    const lastRow = rowsAt + 4 * rows.length - rowBytes;
    const ends = [placesAt + 4 * places.length, linksAt + linkBytes * places.length, lastRow];
    const values = [placesAt, ...ends, repeat, rowBytes, heads, rowCount, layout.scalarAddress];
    threads.run([[{ target: linkPlaces, values }]]);
    if (new Int32Array(memory.buffer, layout.scalarAddress, 1)[0] !== 1) throwRange(places, rowCount);
  }
  return undefined;
}

/** What no int32 can hold is in no table, and stays out of it. */
function writePlaces(target: Int32Array, places: Tensor["data"]): void {
  if (places instanceof Int32Array) target.set(places);
  else {
    for (let index = 0; index < places.length; index++) {
      target[index] = Math.max(-(2 ** 31), Math.min(Number(places[index]), 2 ** 31 - 1));
    }
  }
}

/** The engine has gathered from these places before, so they lie in `[-rowCount, rowCount)`. */
function throwRange(places: Tensor["data"], rowCount: number): never {
  const wrong = Array.from(places, Number).find((place) => !(place >= -rowCount && place < rowCount));
  throw new RangeError(`place ${wrong} in a table of ${rowCount} rows`);
}
