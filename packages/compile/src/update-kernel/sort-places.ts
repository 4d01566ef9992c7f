/**
 * WebAssembly functions of a counting sort: which rows of a batch are added to which bin of neighbouring rows of a table.
 *
 * An entry of a bin is two int32: where in the bin the row begins, in bytes, and the address of what is added to it.
 */
import { code, constant, defineLocals, leaveIf, loadInt, loop, storeInt, storeIntAt } from "./assembler.ts";
import type { WasmFunction } from "./wasm-module.ts";

const wordBytes = 4;
export const entryBytes = 2 * wordBytes;

/**
 * Adds the length of an entry to the bin of each place. Places below 0, which count from the end of the table, are
 * overwritten by the rows they mean.
 *
 * Parameters: address of the places (int32), address behind them, rows of the table, address of the bins' counts (int32),
 * a bin holds 2 to the power of this many rows, address of the result, an int32: whether all places are in the table.
 */
export const countPlaces: WasmFunction = (() => {
  const { get, set, grow, define } = defineLocals(
    ["at", "end", "rowCount", "counts", "shift", "result"],
    ["row", "bin"],
  );
  return define("count_places", [
    ...[...get("result"), ...constant(0), ...storeInt],
    ...loop([
      ...[...get("at"), ...get("end"), code.equal, ...leaveIf],
      ...[...get("at"), ...loadInt, ...set("row"), ...get("row"), ...constant(0), code.lessSigned],
      ...[code.if, code.nothing, ...get("row"), ...get("rowCount"), code.add, ...set("row")],
      ...[...get("at"), ...get("row"), ...storeInt, code.end],
      ...[
        ...get("row"),
        ...get("rowCount"),
        code.atLeastUnsigned,
        code.if,
        code.nothing,
        code.return,
        code.end,
      ],
      ...[...get("counts"), ...binOf(get("row"), get("shift")), code.add, ...set("bin")],
      ...[...get("bin"), ...get("bin"), ...loadInt, ...constant(entryBytes), code.add, ...storeInt],
      ...grow("at", wordBytes),
    ]),
    ...[...get("result"), ...constant(1), ...storeInt],
  ]);
})();

/**
 * Writes an entry for each place behind those that its bin has already, in the order of the places.
 *
 * Parameters: address of the places (rows of the table, int32), address behind them, address of the bins' next entries'
 * addresses (int32), the power as in `countPlaces`, address of the first row, places of each row, bytes of a row.
 */
export const sortPlaces: WasmFunction = (() => {
  const { get, set, grow, define } = defineLocals(
    ["at", "end", "next", "shift", "from", "repeat", "rowBytes"],
    ["row", "bin", "entry", "times"],
  );
  return define(
    "sort_places",
    loop([
      ...[...get("at"), ...get("end"), code.equal, ...leaveIf],
      ...[...get("at"), ...loadInt, ...set("row")],
      ...[...get("next"), ...binOf(get("row"), get("shift")), code.add, ...set("bin")],
      ...[...get("bin"), ...loadInt, ...set("entry")],
      // Its row within the bin: what the shift cuts off.
      ...[...get("entry"), ...get("row"), ...get("row"), ...get("shift"), code.shiftRight],
      ...[...get("shift"), code.shiftLeft, code.subtract, ...get("rowBytes"), code.multiply, ...storeInt],
      ...[...get("entry"), ...get("from"), ...storeIntAt(wordBytes)],
      ...[...get("bin"), ...get("entry"), ...constant(entryBytes), code.add, ...storeInt],
      ...[...grow("at", wordBytes), ...grow("times", 1)],
      // The next row when this one has had all its places.
      ...[
        ...get("times"),
        ...get("repeat"),
        code.equal,
        code.if,
        code.nothing,
        ...constant(0),
        ...set("times"),
      ],
      ...[...get("from"), ...get("rowBytes"), code.add, ...set("from"), code.end],
    ]),
  );
})();

/** Distance of a row's bin from the first one, in bytes of an int32 for each. */
function binOf(row: readonly number[], shift: readonly number[]): number[] {
  return [...row, ...shift, code.shiftRight, ...constant(2), code.shiftLeft];
}
