/** What a graph's inputs must look like before an engine sees them. Adapters call this first in `run`. */
import type { DataType, Tensor, ValueInfo } from "@attune/contracts";

/** dtype → is this its storage? Total, so a new dtype must answer. */
const isStorage: Record<DataType, (data: unknown) => boolean> = {
  float32: (data) => data instanceof Float32Array,
  float64: (data) => data instanceof Float64Array,
  int32: (data) => data instanceof Int32Array,
  int64: (data) => data instanceof BigInt64Array,
  bool: (data) => data instanceof Uint8Array,
  string: (data) => Array.isArray(data),
};

/**
 * Compares feeds with a graph's inputs: missing and unknown names, dtype, storage, rank, fixed dims, length,
 * and strings an engine would cut (they hold NUL).
 *
 * @returns one line per problem, `name: what is wrong`; empty when the feeds fit.
 */
export function checkFeeds(
  inputs: readonly ValueInfo[],
  feeds: Readonly<Record<string, Tensor>>,
): readonly string[] {
  const issues: string[] = [];
  for (const input of inputs) {
    const tensor = Object.hasOwn(feeds, input.name) ? feeds[input.name] : undefined;
    if (tensor === undefined) issues.push(`${input.name}: missing; the graph needs it as ${input.dtype}`);
    else checkTensor(input, tensor, issues);
  }
  const names = Object.keys(feeds);
  // All inputs are there, so as many names are the same names.
  if (issues.length === 0 && names.length === inputs.length) return issues;
  const known = (name: string) => inputs.some((input) => input.name === name);
  for (const name of names) {
    if (!known(name)) {
      issues.push(`${name}: unknown; the graph has ${inputs.map((input) => input.name).join(", ")}`);
    }
  }
  return issues;
}

/**
 * Compares asked output names with a graph's outputs.
 *
 * @returns one line per unknown name.
 */
export function checkFetches(outputs: readonly ValueInfo[], fetches: readonly string[]): readonly string[] {
  return fetches
    .filter((name) => !outputs.some((output) => output.name === name))
    .map(
      (name) => `${name}: no such output; the graph has ${outputs.map((output) => output.name).join(", ")}`,
    );
}

/**
 * Tensors to write into: of known outputs, with their dtype, storage and shape, none of them fed to the same run.
 *
 * @returns one line per problem.
 */
export function checkInto(
  outputs: readonly ValueInfo[],
  into: Readonly<Record<string, Tensor>>,
  feeds: Readonly<Record<string, Tensor>>,
): readonly string[] {
  const issues: string[] = [];
  for (const [name, tensor] of Object.entries(into)) {
    const output = outputs.find((known) => known.name === name);
    if (output === undefined) issues.push(`${name}: no such output to write`);
    else checkTensor(output, tensor, issues);
    const fed = Object.keys(feeds).find((feed) => feeds[feed]?.data === tensor.data);
    if (fed !== undefined) issues.push(`${name}: would be written over ${fed}, which the same run reads`);
  }
  return issues;
}

function checkTensor({ name, dtype, dims }: ValueInfo, tensor: Tensor, issues: string[]): void {
  if (tensor.dtype !== dtype) {
    issues.push(`${name}: expected ${dtype}, got ${String(tensor.dtype)}`);
    return;
  }
  if (!isStorage[dtype](tensor.data)) {
    issues.push(`${name}: the data is not the storage of ${dtype}`);
    return;
  }
  // A graph that declares no shape at all looks like a scalar, so rank is checked only where there is one.
  const fits =
    dims.length === 0 ||
    (tensor.dims.length === dims.length &&
      dims.every((dim, axis) => typeof dim !== "number" || dim === tensor.dims[axis]));
  if (!fits) {
    const shape = dims.map((dim) => dim ?? "?").join(", ");
    issues.push(`${name}: expected shape [${shape}], got [${tensor.dims.join(", ")}]`);
  }
  if (!tensor.dims.every((dim) => Number.isInteger(dim) && dim >= 0)) {
    issues.push(`${name}: dims [${tensor.dims.join(", ")}] are not all integers of at least 0`);
    return;
  }
  const size = tensor.dims.reduce((product, dim) => product * dim, 1);
  if (size !== tensor.data.length) {
    issues.push(`${name}: dims [${tensor.dims.join(", ")}] hold ${size} values, got ${tensor.data.length}`);
  }
  if (tensor.dtype === "string") checkStrings(name, tensor.data, issues);
}

function checkStrings(name: string, data: readonly unknown[], issues: string[]): void {
  for (let index = 0; index < data.length; index++) {
    const value = data[index];
    if (typeof value !== "string") {
      issues.push(`${name}: value ${index} is not a string`);
      return;
    }
    if (value.includes("\0")) {
      issues.push(`${name}: value ${index} holds a NUL character, where engines cut a string`);
      return;
    }
  }
}
