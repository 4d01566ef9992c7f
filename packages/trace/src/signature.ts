/** What a traced function takes: dtypes and shapes by name, and the sizes at which symbolic dims are traced. */
import { AttuneError } from "@attune/contracts";
import type { Sizes } from "./graph/expression.ts";
import type { TfDtype } from "./kernels/define.ts";

export interface InputSpec {
  readonly dtype: TfDtype;
  /** A number is a fixed size; a name stands for any size ≥ 1, the same wherever the name appears. */
  readonly dims: readonly (number | string)[];
}

/** Inputs by name, in the order of the graph's inputs. */
export type Signature = Readonly<Record<string, InputSpec>>;

/**
 * Sizes of the symbolic dims in three traces: two find the formulas, a third checks them. Primes and doubles of primes,
 * which sizes in real code are not; of different rests by 2, 3, 4 and 5, so that ⌈n / 2⌉ · 2 is not mistaken for n + 1.
 */
const traceSizes: readonly (readonly number[])[] = [
  [11, 26, 13],
  [17, 38, 19],
  [23, 58, 31],
  [29, 74, 37],
  [41, 86, 43],
  [47, 106, 61],
  [53, 118, 67],
];

/** @throws {AttuneError} `TRACE_SIGNATURE` with every problem. */
export function checkSignature(signature: Signature, what: string): void {
  const issues = Object.entries(signature).flatMap(([name, { dtype, dims }]) => [
    ...(["float32", "int32", "bool"].includes(dtype)
      ? []
      : [`input ${name}: dtype ${dtype} is not one of float32, int32, bool`]),
    ...dims.flatMap((dim, axis) =>
      typeof dim === "string"
        ? /^[A-Za-z_]\w*$/.test(dim)
          ? []
          : [`input ${name}, axis ${axis}: "${dim}" is no name for a dim; use letters, digits and _`]
        : Number.isSafeInteger(dim) && dim >= 0
          ? []
          : [`input ${name}, axis ${axis}: ${dim} is not a whole number ≥ 0`],
    ),
  ]);
  if (issues.length > 0) throw new AttuneError("TRACE_SIGNATURE", { what, issues });
}

/**
 * Sizes of each symbolic dim in each trace; without symbolic dims two traces remain, to find frozen values.
 *
 * @param fixed - sizes the caller wants for a dim, one per trace (code that needs, say, multiples of 8).
 */
export function chooseSizes(
  signature: Signature,
  fixed: Readonly<Record<string, readonly number[]>> = {},
): Sizes {
  const symbols = [
    ...new Set(Object.values(signature).flatMap(({ dims }) => dims.filter((dim) => typeof dim === "string"))),
  ];
  if (symbols.length === 0) return [{}, {}];
  return [0, 1, 2].map((trace) =>
    Object.fromEntries(
      symbols.map((symbol, at) => [
        symbol,
        fixed[symbol]?.[trace] ?? traceSizes[at % traceSizes.length]?.[trace] ?? 1,
      ]),
    ),
  );
}

/** What the symbolic dims are in tensors of the signature. */
export function sizesOf(
  signature: Signature,
  inputs: Readonly<Record<string, { readonly shape: readonly number[] }>>,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(signature).flatMap(([name, { dims }]) =>
      dims.flatMap((dim, axis) =>
        typeof dim === "string" ? [[dim, inputs[name]?.shape[axis] ?? 1] as const] : [],
      ),
    ),
  );
}

/** A traced shape as the signature would write it, `[n, 2]`: a size that a symbol had in the trace is that symbol. */
export function shapeText(shape: readonly number[], sizes: Readonly<Record<string, number>>): string {
  const symbols = new Map(Object.entries(sizes).map(([symbol, size]) => [size, symbol]));
  return `[${shape.map((dim) => symbols.get(dim) ?? dim).join(", ")}]`;
}

/** The dims of an input in one trace. */
export function dimsAt(spec: InputSpec, sizes: Readonly<Record<string, number>>): number[] {
  return spec.dims.map((dim) => (typeof dim === "string" ? (sizes[dim] ?? 1) : dim));
}
