/** The WebAssembly function that adds rows to a table at given places. */
import { leb, type WasmFunction } from "./wasm-module.ts";

const names = [
  "places",
  "rows",
  "count",
  "repeat",
  "rowBytes",
  "table",
  "at",
  "times",
  "from",
  "to",
  "end",
] as const;
type Local = (typeof names)[number];

const local = Object.fromEntries(names.map((name, index) => [name, index])) as Record<Local, number>;
const get = (name: Local) => [0x20, ...leb(local[name])];
const set = (name: Local) => [0x21, ...leb(local[name])];
const constant = (value: number) => [0x41, ...leb(value)];
const add = 0x6a;
const grow = (name: Local, by: number) => [...get(name), ...constant(by), add, ...set(name)];

/** Instructions that add one unit of `from` to `to`: `load to, load from, add, store`. */
const vectorAdd = [
  ...[...get("to"), ...get("to"), 0xfd, 0x00, 4, 0],
  ...[...get("from"), 0xfd, 0x00, 2, 0, 0xfd, ...leb(0xe4), 0xfd, 0x0b, 4, 0],
];
const scalarAdd = [
  ...[...get("to"), ...get("to"), 0x2a, 2, 0],
  ...[...get("from"), 0x2a, 2, 0, 0x92, 0x38, 2, 0],
];

/** Repeats `body` while `from + unit ≤ end`. */
function whileFits(unit: number, body: readonly number[]): number[] {
  const leave = [...get("from"), ...constant(unit), add, ...get("end"), 0x4b, 0x0d, 1];
  const loop = [...leave, ...body, ...grow("from", unit), ...grow("to", unit), 0x0c, 0];
  return [0x02, 0x40, 0x03, 0x40, ...loop, 0x0b, 0x0b];
}

/**
 * Parameters: address of the places (int32), address of the rows, number of places, places of each row, bytes of a row,
 * address of the table. In order of the places, so the sums are the same each time.
 */
export const scatterRows: WasmFunction = {
  name: "scatter_rows",
  parameters: new Array(6).fill("i32"),
  locals: new Array(5).fill("i32"),
  body: [
    ...[0x02, 0x40, 0x03, 0x40],
    ...[...get("at"), ...get("count"), 0x4f, 0x0d, 1],
    // to = table + places[at] · rowBytes
    ...[...get("table"), ...get("places"), ...get("at"), ...constant(2), 0x74, add, 0x28, 2, 0],
    ...[...get("rowBytes"), 0x6c, add, ...set("to")],
    ...[...get("rows"), ...set("from"), ...get("from"), ...get("rowBytes"), add, ...set("end")],
    ...whileFits(16, vectorAdd),
    ...whileFits(4, scalarAdd),
    ...grow("times", 1),
    // The next row when this one has had all its places.
    ...[...get("times"), ...get("repeat"), 0x46, 0x04, 0x40],
    ...[...constant(0), ...set("times"), ...get("rows"), ...get("rowBytes"), add, ...set("rows")],
    0x0b,
    ...grow("at", 1),
    ...[0x0c, 0, 0x0b, 0x0b],
  ],
};
