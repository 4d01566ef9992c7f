/** WebAssembly functions over some rows of a table: adding to them at given places, and clearing them again. */
import {
  code,
  constant,
  defineLocals,
  leaveIf,
  loadFloat,
  loadInt,
  loadVector,
  loop,
  simd,
  storeFloat,
  storeVector,
} from "./assembler.ts";
import type { WasmFunction } from "./wasm-module.ts";

const vectorBytes = 16;
const floatBytes = 4;

/**
 * Parameters: address of the places (int32), address of the rows, number of places, places of each row, bytes of a row,
 * address of the table. In order of the places, so the sums are the same each time.
 */
export const scatterRows: WasmFunction = (() => {
  const { get, set, grow, define } = defineLocals(
    ["places", "rows", "count", "repeat", "rowBytes", "table"],
    ["at", "times", "from", "to", "end"],
  );
  const whileFits = (unit: number, body: readonly number[]) =>
    loop([
      ...[...get("from"), ...constant(unit), code.add, ...get("end"), code.greaterUnsigned, ...leaveIf],
      ...[...body, ...grow("from", unit), ...grow("to", unit)],
    ]);
  const addVector = [...get("to"), ...get("to"), ...loadVector, ...get("from"), ...loadVector, ...simd(0xe4)];
  const addFloat = [...get("to"), ...get("to"), ...loadFloat, ...get("from"), ...loadFloat, code.floatAdd];
  return define(
    "scatter_rows",
    loop([
      ...[...get("at"), ...get("count"), code.atLeastUnsigned, ...leaveIf],
      // to = table + places[at] · rowBytes
      ...[
        ...get("table"),
        ...get("places"),
        ...get("at"),
        ...constant(2),
        code.shiftLeft,
        code.add,
        ...loadInt,
      ],
      ...[...get("rowBytes"), code.multiply, code.add, ...set("to")],
      ...[...get("rows"), ...set("from"), ...get("rows"), ...get("rowBytes"), code.add, ...set("end")],
      ...whileFits(vectorBytes, [...addVector, ...storeVector]),
      ...whileFits(floatBytes, [...addFloat, ...storeFloat]),
      ...grow("times", 1),
      // The next row when this one has had all its places.
      ...[...get("times"), ...get("repeat"), code.equal, 0x04, 0x40],
      ...[
        ...constant(0),
        ...set("times"),
        ...get("rows"),
        ...get("rowBytes"),
        code.add,
        ...set("rows"),
        0x0b,
      ],
      ...grow("at", 1),
    ]),
  );
})();

/** Parameters: address of the places (int32), number of places, bytes of a row, address of the table. */
export const clearRows: WasmFunction = (() => {
  const { get, set, grow, define } = defineLocals(
    ["places", "count", "rowBytes", "table"],
    ["at", "to", "end", "zero", "vector"],
    { vector: "v128" },
  );
  const whileFits = (unit: number, body: readonly number[]) =>
    loop([
      ...[...get("to"), ...constant(unit), code.add, ...get("end"), code.greaterUnsigned, ...leaveIf],
      ...[...body, ...grow("to", unit)],
    ]);
  return define(
    "clear_rows",
    loop([
      ...[...get("at"), ...get("count"), code.atLeastUnsigned, ...leaveIf],
      ...[
        ...get("table"),
        ...get("places"),
        ...get("at"),
        ...constant(2),
        code.shiftLeft,
        code.add,
        ...loadInt,
      ],
      ...[...get("rowBytes"), code.multiply, code.add, ...set("to")],
      ...[...get("to"), ...get("rowBytes"), code.add, ...set("end")],
      ...whileFits(vectorBytes, [...get("to"), ...get("vector"), ...storeVector]),
      // An int 0 and a float 0 have the same bits.
      ...whileFits(floatBytes, [...get("to"), ...get("zero"), 0x36, 2, 0]),
      ...grow("at", 1),
    ]),
  );
})();
