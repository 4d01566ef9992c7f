/** The WebAssembly function that tells whether a tensor holds a NaN or an infinity. */
import { leb, type WasmFunction } from "./wasm-module.ts";

const [at, end, result, sum] = [0, 1, 2, 3];

const get = (local: number) => [0x20, ...leb(local)];
const set = (local: number) => [0x21, ...leb(local)];
const simd = (code: number) => [0xfd, ...leb(code)];
const lane = (index: number) => [...get(sum), 0xfd, 0x1f, index];

/**
 * Parameters: first and last address of the elements, address of the result, a float32: the sum of x − x, which is 0
 * for finite numbers and NaN otherwise.
 */
export const checkFinite: WasmFunction = {
  name: "check_finite",
  parameters: ["i32", "i32", "i32"],
  locals: ["v128"],
  body: [
    ...[0x02, 0x40, 0x03, 0x40],
    ...[...get(at), ...get(end), 0x4f, 0x0d, 1],
    // sum += x − x
    ...[...get(sum), ...get(at), 0xfd, 0x00, 4, 0, ...get(at), 0xfd, 0x00, 4, 0],
    ...[...simd(0xe5), ...simd(0xe4), ...set(sum)],
    ...[...get(at), 0x41, 16, 0x6a, ...set(at), 0x0c, 0, 0x0b, 0x0b],
    ...[...get(result), ...lane(0), ...lane(1), 0x92, ...lane(2), 0x92, ...lane(3), 0x92, 0x38, 2, 0],
  ],
};
