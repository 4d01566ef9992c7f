/**
 * WebAssembly functions for gradients of which only some rows are not 0. The rows that a batch gives to one row of the
 * table are linked in a list, so that the update meets them where it passes: no thread writes what another one does.
 *
 * A link is two int32: address of the next one (0 = the last), address of the row.
 */
import {
  code,
  constant,
  defineLocals,
  fillBytes,
  leaveIf,
  loadFloat,
  loadInt,
  loadVector,
  loop,
  simd,
  storeFloat,
  storeInt,
  storeVector,
} from "./assembler.ts";
import type { WasmFunction } from "./wasm-module.ts";

const vectorBytes = 16;
const wordBytes = 4;
export const linkBytes = 2 * wordBytes;

/**
 * Puts a link for every place in front of its row's list. From the last place to the first, so that the lists have the
 * order of the places.
 *
 * Parameters: address of the places (int32; below 0 they count from the end of the table), address behind them, address
 * behind their links, address of the last row, places of each row, bytes of a row, address of the lists' first links by
 * row of the table, number of these rows, address of the result, an int32: whether all places are in the table.
 */
export const linkPlaces: WasmFunction = (() => {
  const { get, set, grow, define } = defineLocals(
    ["places", "at", "link", "row", "repeat", "rowBytes", "heads", "rowCount", "result"],
    ["place", "head", "left"],
  );
  return define("link_places", [
    ...[...get("result"), ...constant(0), ...storeInt, ...get("repeat"), ...set("left")],
    ...loop([
      ...[...get("at"), ...get("places"), code.equal, ...leaveIf],
      ...[...grow("at", -wordBytes), ...grow("link", -linkBytes)],
      ...[...get("at"), ...loadInt, ...set("place")],
      ...[...get("place"), ...constant(0), code.lessSigned, code.if, code.nothing],
      ...[...get("place"), ...get("rowCount"), code.add, ...set("place"), code.end],
      ...[
        ...get("place"),
        ...get("rowCount"),
        code.atLeastUnsigned,
        code.if,
        code.nothing,
        code.return,
        code.end,
      ],
      ...[...get("heads"), ...get("place"), ...constant(2), code.shiftLeft, code.add, ...set("head")],
      ...[...get("link"), ...get("head"), ...loadInt, ...storeInt],
      ...[...get("link"), ...constant(wordBytes), code.add, ...get("row"), ...storeInt],
      ...[...get("head"), ...get("link"), ...storeInt],
      ...[...grow("left", -1), ...get("left"), code.isZero, code.if, code.nothing],
      ...[
        ...get("row"),
        ...get("rowBytes"),
        code.subtract,
        ...set("row"),
        ...get("repeat"),
        ...set("left"),
        code.end,
      ],
    ]),
    ...[...get("result"), ...constant(1), ...storeInt],
  ]);
})();

/**
 * Adds to each of so many rows those of its list, in the list's order.
 *
 * Parameters: address of the first of the lists, number of rows, bytes of a row, address of the first row.
 */
export const addLinked: WasmFunction = (() => {
  const { get, set, grow, define } = defineLocals(
    ["heads", "count", "rowBytes", "rows"],
    ["link", "from", "to", "end"],
  );
  const whileFits = (unit: number, body: readonly number[]) =>
    loop([
      ...[...get("to"), ...constant(unit), code.add, ...get("end"), code.greaterUnsigned, ...leaveIf],
      ...[...body, ...grow("from", unit), ...grow("to", unit)],
    ]);
  const addVector = [...get("to"), ...get("to"), ...loadVector, ...get("from"), ...loadVector, ...simd(0xe4)];
  const addFloat = [...get("to"), ...get("to"), ...loadFloat, ...get("from"), ...loadFloat, code.floatAdd];
  return define(
    "add_linked",
    loop([
      ...[...get("count"), code.isZero, ...leaveIf],
      ...[...get("heads"), ...loadInt, ...set("link")],
      ...[...get("rows"), ...get("rowBytes"), code.add, ...set("end")],
      ...loop([
        ...[...get("link"), code.isZero, ...leaveIf],
        ...[...get("link"), ...constant(wordBytes), code.add, ...loadInt, ...set("from")],
        ...[...get("rows"), ...set("to")],
        ...whileFits(vectorBytes, [...addVector, ...storeVector]),
        ...whileFits(wordBytes, [...addFloat, ...storeFloat]),
        ...[...get("link"), ...loadInt, ...set("link")],
      ]),
      ...[...get("end"), ...set("rows"), ...grow("heads", wordBytes), ...grow("count", -1)],
    ]),
  );
})();

/**
 * Walks over rows of a table with an update of `compileGroup` that has one gradient: of few rows at a time, which are
 * zeros and what is linked to them. The gradient of the whole table never lies in memory.
 *
 * Parameters: number of rows, rows at a time, bytes of a row, address of the first of the lists, of each state's first
 * row, of room for the gradient of the rows at a time, of the scalars.
 */
export function updateByRows(update: WasmFunction, stateCount: number): WasmFunction {
  const states = Array.from({ length: stateCount }, (_, index) => `state${index}`);
  const { get, set, define } = defineLocals<string>(
    ["count", "most", "rowBytes", "heads", ...states, "gradient", "scalars"],
    ["rows", "bytes"],
  );
  return define(
    `${update.name}_by_rows`,
    loop([
      ...[...get("count"), code.isZero, ...leaveIf],
      ...[...get("most"), ...get("count"), ...get("most"), ...get("count")],
      ...[code.atLeastUnsigned, code.isZero, code.select, ...set("rows")],
      ...[...get("rows"), ...get("rowBytes"), code.multiply, ...set("bytes")],
      ...[
        ...get("gradient"),
        ...constant(0),
        ...get("most"),
        ...get("rowBytes"),
        code.multiply,
        ...fillBytes,
      ],
      ...[...get("heads"), ...get("rows"), ...get("rowBytes"), ...get("gradient"), code.call, addLinked],
      ...[...get("bytes"), ...states.flatMap(get), ...get("gradient"), ...get("scalars"), code.call, update],
      ...states.flatMap((state) => [...get(state), ...get("bytes"), code.add, ...set(state)]),
      ...[...get("heads"), ...get("rows"), ...constant(2), code.shiftLeft, code.add, ...set("heads")],
      ...[...get("count"), ...get("rows"), code.subtract, ...set("count")],
    ]),
  );
}
