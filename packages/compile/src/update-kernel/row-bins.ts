/**
 * WebAssembly functions for gradients of which only some rows are not 0. The rows that a batch adds to a table lie in bins
 * of neighbouring rows, so that the update meets them where it passes: no thread writes what another one does.
 */
import {
  code,
  constant,
  defineLocals,
  fillBytes,
  leaveIf,
  loadFloat,
  loadInt,
  loadIntAt,
  loadVector,
  loop,
  simd,
  storeFloat,
  storeVector,
} from "./assembler.ts";
import { entryBytes } from "./sort-places.ts";
import type { WasmFunction } from "./wasm-module.ts";

const vectorBytes = 16;
const wordBytes = 4;

/**
 * Adds the entries of so many bins to the rows of a table, each bin in the order of its entries.
 *
 * Parameters: address of the first bin's place among the addresses of the bins' first entries, number of bins, address of
 * the first bin's rows, bytes of a bin's rows, bytes of a row.
 */
export const addBins: WasmFunction = (() => {
  const { get, set, grow, define } = defineLocals(
    ["bins", "count", "rows", "binBytes", "rowBytes"],
    ["entry", "from", "to", "end"],
  );
  const whileFits = (unit: number, body: readonly number[]) =>
    loop([
      ...[...get("to"), ...constant(unit), code.add, ...get("end"), code.greaterUnsigned, ...leaveIf],
      ...[...body, ...grow("from", unit), ...grow("to", unit)],
    ]);
  const addVector = [...get("to"), ...get("to"), ...loadVector, ...get("from"), ...loadVector, ...simd(0xe4)];
  const addFloat = [...get("to"), ...get("to"), ...loadFloat, ...get("from"), ...loadFloat, code.floatAdd];
  return define(
    "add_bins",
    loop([
      ...[...get("count"), code.isZero, ...leaveIf],
      ...[...get("bins"), ...loadInt, ...set("entry")],
      ...loop([
        ...[...get("entry"), ...get("bins"), ...loadIntAt(wordBytes), code.equal, ...leaveIf],
        ...[...get("rows"), ...get("entry"), ...loadInt, code.add, ...set("to")],
        ...[...get("entry"), ...loadIntAt(wordBytes), ...set("from")],
        ...[...get("to"), ...get("rowBytes"), code.add, ...set("end")],
        ...whileFits(vectorBytes, [...addVector, ...storeVector]),
        ...whileFits(wordBytes, [...addFloat, ...storeFloat]),
        ...grow("entry", entryBytes),
      ]),
      ...[...grow("bins", wordBytes), ...grow("count", -1)],
      ...[...get("rows"), ...get("binBytes"), code.add, ...set("rows")],
    ]),
  );
})();

/**
 * Walks over bins of a table with an update of `compileGroup` that has one gradient: zeros and the entries of one bin at a
 * time. The gradient of the whole table never lies in memory.
 *
 * Parameters: address as in `addBins`, bytes of all their rows, of a bin's rows, of a row, address of each state's first
 * row, of zeros for the gradient of a bin, of the scalars.
 */
export function updateByBins(update: WasmFunction, stateCount: number): WasmFunction {
  const states = Array.from({ length: stateCount }, (_, index) => `state${index}`);
  const { get, set, grow, define } = defineLocals<string>(
    ["bins", "left", "binBytes", "rowBytes", ...states, "gradient", "scalars"],
    ["bytes", "isEmpty"],
  );
  const unlessEmpty = (body: readonly (number | WasmFunction)[]) => [
    ...[...get("isEmpty"), code.isZero, code.if, code.nothing, ...body, code.end],
  ];
  return define(
    `${update.name}_by_bins`,
    loop([
      ...[...get("left"), code.isZero, ...leaveIf],
      // The last bin may have fewer rows.
      ...[...get("left"), ...get("binBytes"), ...get("left"), ...get("binBytes")],
      ...[code.lessUnsigned, code.select, ...set("bytes")],
      ...[...get("bins"), ...loadInt, ...get("bins"), ...loadIntAt(wordBytes), code.equal, ...set("isEmpty")],
      ...unlessEmpty([
        ...[...get("bins"), ...constant(1), ...get("gradient"), ...constant(0), ...get("rowBytes")],
        ...[code.call, addBins],
      ]),
      ...[...get("bytes"), ...states.flatMap(get), ...get("gradient"), ...get("scalars"), code.call, update],
      ...unlessEmpty([...get("gradient"), ...constant(0), ...get("binBytes"), ...fillBytes]),
      ...states.flatMap((state) => [...get(state), ...get("bytes"), code.add, ...set(state)]),
      ...[...grow("bins", wordBytes), ...get("left"), ...get("bytes"), code.subtract, ...set("left")],
    ]),
  );
}
