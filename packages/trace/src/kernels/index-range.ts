/** Which index tensors are known to lie within an axis: those that were used to gather from it. */
import type { TracedValue } from "../recorder/traced-value.ts";

const gathered = new WeakMap<TracedValue, Set<number>>();

/** The value whose elements these are: reshapes are looked through. */
function origin(value: TracedValue): TracedValue {
  let at = value;
  while (at.source.kind === "node" && at.source.node.op === "Reshape") {
    at = at.source.node.inputs[0] as TracedValue;
  }
  return at;
}

/** The graph gathers with these indices from an axis of this size, and so fails where one is outside. */
export function noteIndices(indices: TracedValue, size: number): void {
  const from = origin(indices);
  const sizes = gathered.get(from) ?? new Set();
  gathered.set(from, sizes.add(size));
}

/** Whether every index is in `[0, size)`, or the graph has failed already. */
export function areInRange(indices: TracedValue, size: number): boolean {
  const numbers = indices.known?.().data;
  if (numbers !== undefined) return Array.from(numbers, Number).every((index) => index >= 0 && index < size);
  return gathered.get(origin(indices))?.has(size) ?? false;
}
