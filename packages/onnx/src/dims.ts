/** Algebra of symbolic dims: what two shapes say about each other. A dim is a number, a symbol or unknown. */
import type { Dim } from "@attune/contracts";

export type Dims = readonly Dim[];

/** More axes than any graph has: a bound on what a hostile file can make us compute. */
export const maxRank = 64;

/** `[batch, 3, ?]`; unknown rank is `[…]`. */
export function formatDims(dims: Dims | undefined): string {
  return dims === undefined ? "[…]" : `[${dims.map((dim) => dim ?? "?").join(", ")}]`;
}

/**
 * The dim of an axis along which two tensors are broadcast, or `"conflict"`.
 *
 * A fixed size > 1 wins over a symbol (the symbol must then be 1 or that size). Two different symbols give
 * unknown: either may turn out to be 1.
 */
function broadcastDim(a: Dim, b: Dim): Dim | { readonly conflict: true } {
  if (a === b) return a;
  if (a === 1) return b;
  if (b === 1) return a;
  if (typeof a === "number" && typeof b === "number") return { conflict: true };
  if (typeof a === "number") return a;
  if (typeof b === "number") return b;
  return undefined;
}

/** numpy broadcasting. `undefined` when a rank is unknown; an issue when the shapes cannot go together. */
export function broadcastDims(shapes: readonly (Dims | undefined)[]): {
  dims: Dims | undefined;
  issue?: string;
} {
  const known: Dims[] = [];
  for (const dims of shapes) {
    if (dims === undefined) return { dims: undefined };
    known.push(dims);
  }
  const rank = known.reduce((most, dims) => Math.max(most, dims.length), 0);
  const result: Dim[] = Array.from({ length: rank }, () => 1);
  for (const dims of known) {
    for (let axis = 0; axis < dims.length; axis++) {
      const at = rank - dims.length + axis;
      const dim = broadcastDim(result[at], dims[axis]);
      if (typeof dim === "object") {
        return { dims: undefined, issue: `shapes ${known.map(formatDims).join(" and ")} do not broadcast` };
      }
      result[at] = dim;
    }
  }
  return { dims: result };
}

/** What is known of one dim from two statements about it, or a conflict. Fixed wins over symbol over unknown. */
export function unifyDim(a: Dim, b: Dim): Dim | { readonly conflict: true } {
  if (a === b || b === undefined) return a;
  if (a === undefined) return b;
  if (typeof a === "number" && typeof b === "number") return { conflict: true };
  return typeof b === "number" ? b : a;
}

/** Two statements about one shape; `undefined` dims when they contradict each other. */
export function unifyDims(
  a: Dims | undefined,
  b: Dims | undefined,
): { dims: Dims | undefined; issue?: string } {
  if (a === undefined || b === undefined) return { dims: a ?? b };
  const clash = { dims: undefined, issue: `${formatDims(a)} is not ${formatDims(b)}` };
  if (a.length !== b.length) return clash;
  const dims: Dim[] = [];
  for (let axis = 0; axis < a.length; axis++) {
    const dim = unifyDim(a[axis], b[axis]);
    if (typeof dim === "object") return clash;
    dims.push(dim);
  }
  return { dims };
}

/** Number of elements where every dim is a number. */
export function elementCount(dims: Dims): number | undefined {
  let count = 1;
  for (const dim of dims) {
    if (typeof dim !== "number") return undefined;
    count *= dim;
  }
  return count;
}

/** Product of dims that may hold one symbol beside ones: `[batch, 1]` → `batch`. */
export function dimProduct(dims: Dims): Dim {
  if (dims.includes(0)) return 0;
  let product: Dim = 1;
  for (const dim of dims) {
    if (dim === 1) continue;
    if (product === 1) product = dim;
    else if (typeof product === "number" && typeof dim === "number") product *= dim;
    else return undefined;
  }
  return product;
}

/** Sum of dims; a symbol survives only beside zeros. */
export function dimSum(dims: Dims): Dim {
  let sum: Dim = 0;
  for (const dim of dims) {
    if (dim === 0) continue;
    if (sum === 0) sum = dim;
    else if (typeof sum === "number" && typeof dim === "number") sum += dim;
    else return undefined;
  }
  return sum;
}
