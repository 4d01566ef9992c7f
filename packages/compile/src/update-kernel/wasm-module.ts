/** Writes the bytes of a small WebAssembly module: functions over one imported memory. @see https://webassembly.github.io/spec/core/binary/ */

/** Value types that a function can take and hold. */
export const valueTypes = { i32: 0x7f, v128: 0x7b } as const;

export type ValueType = keyof typeof valueTypes;

/** A byte, or a function of the same module where a call names its place. */
export type Code = number | WasmFunction;

export interface WasmFunction {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly locals: readonly ValueType[];
  /** Instructions, without the closing `end`. */
  readonly body: readonly Code[];
}

/** Unsigned LEB128. */
export function leb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

/**
 * A module that imports the memory `env.memory` and exports its functions.
 *
 * @param sharedPages - most pages of a memory that threads share; `undefined` = it is not shared.
 */
export function encodeModule(
  functions: readonly WasmFunction[],
  sharedPages: number | undefined,
): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [
    0x60,
    ...vector(parameters.map((type) => [valueTypes[type]])),
    ...vector([]),
  ]);
  const limits = sharedPages === undefined ? [0x00, ...leb(1)] : [0x03, ...leb(1), ...leb(sharedPages)];
  const memory = [...text("env"), ...text("memory"), 0x02, ...limits];
  const exported = functions.map(({ name }, index) => [...text(name), 0x00, ...leb(index)]);
  const codes = functions.map(({ locals, body }) => {
    const bytes = body.flatMap((part) => (typeof part === "number" ? [part] : leb(functions.indexOf(part))));
    const code = [...vector(locals.map((type) => [1, valueTypes[type]])), ...bytes, 0x0b];
    return [...leb(code.length), ...code];
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, types),
    ...section(2, [memory]),
    ...section(
      3,
      functions.map((_, index) => leb(index)),
    ),
    ...section(7, exported),
    ...section(10, codes),
  ]);
}

function section(id: number, entries: readonly (readonly number[])[]): number[] {
  const content = vector(entries);
  return [id, ...leb(content.length), ...content];
}

function vector(entries: readonly (readonly number[])[]): number[] {
  return [...leb(entries.length), ...entries.flat()];
}

/** A name of ASCII characters. */
function text(value: string): number[] {
  return vector(Array.from(value, (character) => [character.charCodeAt(0)]));
}
