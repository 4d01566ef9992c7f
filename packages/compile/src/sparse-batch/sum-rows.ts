/** The WebAssembly function behind both products of a sparse matrix: each row of the result is a weighted sum of rows. */
import { code, constant, defineLocals, leaveIf, loadInt, loop, simd } from "../update-kernel/assembler.ts";
import { leb, type WasmFunction } from "../update-kernel/wasm-module.ts";

const vectorBytes = 16;
const floatBytes = 4;

/** How many rows are added at a time: the sums go through memory once for all of them. Measured: 3.1 ms, 4.8 for one. */
const rowsAtOnce = 4;
const sources = Array.from({ length: rowsAtOnce }, (_, index) => `source${index}`);
const factors = Array.from({ length: rowsAtOnce }, (_, index) => `factor${index}`);
/** Vectors of columns at a time. */
const sums = ["sum0", "sum1"];

const { get, set, grow, define } = defineLocals<string>(
  ["result", "starts", "count", "places", "values", "table", "rowBytes"],
  ["row", "at", "end", "to", "toEnd", ...sources, ...factors, ...sums],
  Object.fromEntries([...factors, ...sums].map((name) => [name, "v128"])),
);

/** How a register is filled from memory and written there: whole, or its first element alone. */
const access = {
  vector: { load: simd(0x00), store: simd(0x0b), lane: [], bytes: vectorBytes },
  float: { load: simd(0x5c), store: simd(0x5a), lane: [0], bytes: floatBytes },
} as const;

const splat = simd(0x09);
const multiply = simd(0xe6);
const plus = simd(0xe4);
const fill = [0xfc, 0x0b, 0];

/**
 * result[r] = Σ values[k] · table[places[k]], k from starts[r] to starts[r + 1], added in this order.
 *
 * Parameters: address of the result's first row; of its entry in `starts` (int32); number of rows; addresses of `places`
 * (int32), of `values` (float32) and of the table; bytes of a row.
 */
export const sumRows: WasmFunction = define(
  "sum_rows",
  loop([
    ...[...get("row"), ...get("count"), code.atLeastUnsigned, ...leaveIf],
    ...[...get("result"), ...constant(0), ...get("rowBytes"), ...fill],
    ...[...get("result"), ...get("rowBytes"), code.add, ...set("toEnd")],
    ...[...get("starts"), ...loadInt, ...constant(2), code.shiftLeft, ...set("at")],
    ...[...grow("starts", floatBytes), ...get("starts"), ...loadInt],
    ...[...constant(2), code.shiftLeft, ...set("end")],
    ...[...addRows(rowsAtOnce), ...addRows(1)],
    ...[...get("toEnd"), ...set("result"), ...grow("row", 1)],
  ]),
);

/** As long as so many entries of the row are left. */
function addRows(count: number): number[] {
  const pick = sources.slice(0, count).flatMap((source, index) => {
    const offset = [2, ...leb(floatBytes * index)];
    return [
      ...[...get("places"), ...get("at"), code.add, 0x28, ...offset, ...get("rowBytes"), code.multiply],
      ...[...get("table"), code.add, ...set(source)],
      ...[...get("values"), ...get("at"), code.add, ...splat, ...offset, ...set(`factor${index}`)],
    ];
  });
  return loop([
    ...[...get("at"), ...constant(floatBytes * count), code.add, ...get("end")],
    ...[code.greaterUnsigned, ...leaveIf, ...pick, ...get("result"), ...set("to")],
    ...addColumns(count, sums, "vector"),
    ...addColumns(count, sums.slice(1), "vector"),
    ...addColumns(count, sums.slice(1), "float"),
    ...grow("at", floatBytes * count),
  ]);
}

/** As long as so many columns are left: `to` and the sources move on together. */
function addColumns(count: number, registers: readonly string[], kind: keyof typeof access): number[] {
  const { load, store, lane, bytes } = access[kind];
  const width = bytes * registers.length;
  const address = (index: number) => [2, ...leb(bytes * index)];
  const used = sources.slice(0, count);
  const sum = registers.flatMap((register, index) => [
    ...[...get("to"), ...load, ...address(index), ...set(register)],
  ]);
  const add = used.flatMap((source, row) =>
    registers.flatMap((register, index) => [
      ...[...get(register), ...get(`factor${row}`), ...get(source), ...load, ...address(index)],
      ...[...multiply, ...plus, ...set(register)],
    ]),
  );
  const write = registers.flatMap((register, index) => [
    ...[...get("to"), ...get(register), ...store, ...address(index), ...lane],
  ]);
  return loop([
    ...[...get("to"), ...constant(width), code.add, ...get("toEnd"), code.greaterUnsigned, ...leaveIf],
    ...[...sum, ...add, ...write, ...["to", ...used].flatMap((pointer) => grow(pointer, width))],
  ]);
}
