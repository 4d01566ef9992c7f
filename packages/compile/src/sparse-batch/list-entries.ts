/** The WebAssembly function that finds what is not 0 in a piece of a matrix. */
import {
  code,
  constant,
  defineLocals,
  leaveIf,
  loadInt,
  loadVector,
  loop,
  simd,
} from "../update-kernel/assembler.ts";
import { leb, type WasmFunction } from "../update-kernel/wasm-module.ts";

const vectorBytes = 16;
const wordBytes = 4;

const { get, set, grow, define } = defineLocals(
  ["piece", "end", "first", "groups", "places", "values", "length"],
  ["at", "groupsEnd", "to", "word"],
);

const subtract = 0x6b;
const shiftRight = 0x76;
const isZero = 0x45;
const anyTrue = simd(0x53);
const storeInt = [0x36, 2, 0];

/**
 * Appends the entries of a piece to `places` (int32: `first`, the place of the piece's first number, and on) and to
 * `values` (float32).
 *
 * Parameters: first and last address of the piece, whole registers; `first`; address of room for a quarter as many
 * words as the piece has; addresses of `places` and `values`, with room for the whole piece behind what is there; address
 * of the bytes that are there in each (int32), which grow.
 *
 * Without branches, as it cannot be foreseen what is 0: everything is written, and what should not stay is written over.
 */
export const listEntries: WasmFunction = define("list_entries", [
  // Registers that are not all 0.
  ...[...get("piece"), ...set("at"), ...get("groups"), ...set("groupsEnd")],
  ...loop([
    ...[...get("at"), ...get("end"), code.atLeastUnsigned, ...leaveIf],
    ...[...get("groupsEnd"), ...get("at"), ...storeInt],
    ...[...get("groupsEnd"), ...get("at"), ...loadVector, ...anyTrue, ...constant(2), code.shiftLeft],
    ...[code.add, ...set("groupsEnd"), ...grow("at", vectorBytes)],
  ]),
  ...[...get("length"), ...loadInt, ...set("to")],
  ...loop([
    ...[...get("groups"), ...get("groupsEnd"), code.atLeastUnsigned, ...leaveIf],
    ...[...get("groups"), ...loadInt, ...set("at")],
    ...[0, 1, 2, 3].flatMap((lane) => [
      ...[...get("places"), ...get("to"), code.add],
      ...[...get("at"), ...get("piece"), subtract, ...constant(2), shiftRight],
      ...[...get("first"), code.add, ...constant(lane), code.add, ...storeInt],
      ...[...get("at"), 0x28, 2, ...leb(wordBytes * lane), ...set("word")],
      ...[...get("values"), ...get("to"), code.add, ...get("word"), ...storeInt],
      // −0 is 0 as well: the sign does not count.
      ...[...get("to"), ...get("word"), ...constant(1), code.shiftLeft, isZero, isZero],
      ...[...constant(2), code.shiftLeft, code.add, ...set("to")],
    ]),
    ...grow("groups", wordBytes),
  ]),
  ...[...get("length"), ...get("to"), ...storeInt],
]);
