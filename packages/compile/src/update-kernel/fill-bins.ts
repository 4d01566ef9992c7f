/** Gradients of tables: the rows of a batch are sorted into bins of neighbouring rows of the table. */
import type { Tensor } from "@attune/contracts";
import type { UpdateProgram } from "@attune/trace";
import type { KernelThreads } from "./kernel-threads.ts";
import { alignAddress, type Layout, type TableLayout } from "./plan-memory.ts";
import { countPlaces, entryBytes, sortPlaces } from "./sort-places.ts";
import type { WasmMemory } from "./wasm-memory.ts";

type Outputs = Readonly<Record<string, Tensor>>;

/** Rows of one step for one table, and where they lie behind the state. */
interface Part {
  readonly repeat: number;
  readonly places: Tensor["data"];
  readonly rows: Float32Array;
  readonly placesAt: number;
  readonly rowsAt: number;
}

interface TableRows {
  readonly name: string;
  readonly parts: readonly Part[];
  /** Address of the bins' entries. */
  readonly entriesAt: number;
}

export interface StepRows {
  readonly tables: readonly TableRows[];
  /** Behind the last byte. */
  readonly end: number;
}

/**
 * Memory that one step's rows take.
 *
 * @param from - where it begins.
 */
export function planRows({ tables }: UpdateProgram, from: number, outputs: Outputs): StepRows {
  let end = from;
  const take = (bytes: number) => {
    const address = end;
    end += alignAddress(bytes);
    return address;
  };
  const list = tables.map(({ name, scattered }): TableRows => {
    const parts = scattered.flatMap((part): Part[] => {
      const places = outputs[part.places]?.data;
      const rows = outputs[part.rows]?.data;
      if (places === undefined || !(rows instanceof Float32Array)) return [];
      const [placesAt, rowsAt] = [take(4 * places.length), take(4 * rows.length)];
      return [{ repeat: part.repeat, places, rows, placesAt, rowsAt }];
    });
    const entries = parts.reduce((sum, { places }) => sum + places.length, 0);
    return { name, parts, entriesAt: take(entryBytes * entries) };
  });
  return { tables: list, end };
}

/** What filling bins needs from the kernel. */
export interface BinContext {
  readonly memory: WasmMemory;
  readonly layout: Layout;
  readonly threads: KernelThreads;
  /** Whether this many floats from an address on are finite. */
  isAllFinite(address: number, length: number): boolean;
}

/**
 * Copies the rows and fills the bins of every table; those of the step before are forgotten.
 *
 * @returns the table with a row that is not finite; nothing may be updated then.
 */
export function fillBins({ tables }: StepRows, context: BinContext): string | undefined {
  const { buffer } = context.memory;
  for (const table of tables) {
    for (const { rows, rowsAt, places, placesAt } of table.parts) {
      const padded = new Float32Array(buffer, rowsAt, alignAddress(4 * rows.length) / 4);
      padded.set(rows);
      padded.fill(0, rows.length);
      if (!context.isAllFinite(rowsAt, rows.length)) return table.name;
      writePlaces(new Int32Array(buffer, placesAt, places.length), places);
    }
    sortRows(table, context);
  }
  return undefined;
}

/** A counting sort, so that a bin has the order of the places. */
function sortRows({ name, parts, entriesAt }: TableRows, { memory, layout, threads }: BinContext): void {
  const { binsAt, binCount, binShift, rowBytes, rowCount } = layout.tables.get(name) as TableLayout;
  const bins = new Int32Array(memory.buffer, binsAt, binCount + 2);
  bins.fill(0);
  for (const { places, placesAt } of parts) {
    const result = layout.scalarAddress;
    const values = [placesAt, placesAt + 4 * places.length, rowCount, binsAt + 8, binShift, result];
    threads.run([[{ target: countPlaces, values }]]);
    if (new Int32Array(memory.buffer, result, 1)[0] === 0) throwRange(places, rowCount);
  }
  // Where each bin begins, one further than it will be: its entries move that on to where it ends.
  for (let bin = 0, at = entriesAt; bin < bins.length; bin++) {
    at += bins[bin] as number;
    bins[bin] = at;
  }
  const calls = parts.map(({ places, placesAt, rowsAt, repeat }) => {
    const values = [placesAt, placesAt + 4 * places.length, binsAt + 4, binShift, rowsAt, repeat, rowBytes];
    return { target: sortPlaces, values };
  });
  threads.run([calls]);
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
