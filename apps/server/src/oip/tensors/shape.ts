/** Shapes as they come: nothing is allocated by one before it was held to what the body holds. */
import type { Dim } from "@attune/contracts";

const maxRank = 8;

/** Sizes of symbolic dims, as the first tensor that has them says. */
export type Sizes = Map<string, { readonly size: number; readonly input: string }>;

/**
 * A shape of the wire, or undefined with a line in `issues`. JSON has rounded what is beyond 2⁵³ when it gets here, so
 * that is refused, as negative sizes are.
 */
export function readShape(value: unknown, path: string, issues: string[]): readonly number[] | undefined {
  if (!Array.isArray(value) || value.length > maxRank) {
    issues.push(`${path}: expected a list of at most ${maxRank} sizes`);
    return undefined;
  }
  const bad = value.findIndex((size) => !(Number.isSafeInteger(size) && size >= 0));
  if (bad === -1) return value;
  issues.push(`${path}[${bad}]: expected an integer from 0 to 2^53 - 1`);
  return undefined;
}

/** Product of the sizes; undefined where it is beyond 2⁵³. No dims: 1. */
export function countElements(shape: readonly number[]): number | undefined {
  if (shape.includes(0)) return 0;
  let count = 1;
  for (const size of shape) {
    count *= size;
    if (!Number.isSafeInteger(count)) return undefined;
  }
  return count;
}

/** Holds a shape to the declared dims; symbolic ones must have one size throughout the request. */
export function matchDims(
  shape: readonly number[],
  { name, dims, path }: { readonly name: string; readonly dims: readonly Dim[]; readonly path: string },
  sizes: Sizes,
  issues: string[],
): boolean {
  const isMatch = shape.length === dims.length && shape.every((size, axis) => fits(size, dims[axis]));
  if (!isMatch) {
    issues.push(`${path}: expected ${showDims(dims)}, got ${showDims(shape)}`);
    return false;
  }
  for (const [axis, dim] of dims.entries()) {
    if (typeof dim !== "string") continue;
    const size = shape[axis]!;
    const known = sizes.get(dim);
    if (known === undefined) sizes.set(dim, { size, input: name });
    else if (known.size !== size) {
      issues.push(`${path}[${axis}]: ${dim} is ${known.size} in ${known.input}, and ${size} here`);
      return false;
    }
  }
  return true;
}

function fits(size: number, dim: Dim): boolean {
  return typeof dim !== "number" || dim === size;
}

export function showDims(dims: readonly Dim[]): string {
  return `[${dims.map((dim) => dim ?? "?").join(", ")}]`;
}

/** The protocol's form: −1 for what varies. */
export function wireDims(dims: readonly Dim[]): readonly number[] {
  return dims.map((dim) => (typeof dim === "number" ? dim : -1));
}
