/** Reductions of rows: over the last axis, one number for each row. */
import { constantOf } from "../graph/expression.ts";
import type { GraphNode, GraphValue } from "../graph/graph.ts";
import { constantTensor, producer, sameShape } from "./rewrite.ts";

/** Whether a reduction is over the last axis alone. */
export function isOverLastAxis({ inputs: [x, axes] }: GraphNode): boolean {
  const list = Array.from(constantTensor(axes)?.data ?? [], Number);
  const last = (x?.dims.length ?? 0) - 1;
  return list.length === 1 && (list[0] === last || list[0] === -1);
}

/** The node of this op that makes the value, or what the value is a Reshape of. */
export function behindReshape(value: GraphValue | undefined, op: string): GraphNode | undefined {
  return producer(producer(value, "Reshape")?.inputs[0] ?? value, op);
}

/** Whether the value has one number for each row of x: its shape, but for a last axis of 1. */
export function isColumnOf(value: GraphValue, x: GraphValue): boolean {
  const last = value.dims.at(-1);
  return (
    value.dims.length === x.dims.length &&
    last !== undefined &&
    constantOf(last) === 1 &&
    sameShape(value.dims.slice(0, -1), x.dims.slice(0, -1))
  );
}

/** Whether the value has one number for each place in a row of x, the same for all rows. */
export function isRowOf(value: GraphValue, x: GraphValue): boolean {
  return (
    value.dims.length > 0 &&
    value.dims.length <= x.dims.length &&
    sameShape(value.dims.slice(-1), x.dims.slice(-1)) &&
    value.dims.slice(0, -1).every((dim) => constantOf(dim) === 1)
  );
}

/** x, where the value is the mean of each of its rows, as a column. */
export function meanedRows(value: GraphValue | undefined): GraphValue | undefined {
  const { source } = value ?? {};
  if (value === undefined || source?.kind !== "node") return undefined;
  const normalized = producer(value, "LayerNormalization");
  const mean = source.index === 1 ? normalized : behindReshape(value, "ReduceMean");
  const x = mean?.inputs[0];
  if (mean === undefined || x === undefined || !isColumnOf(value, x)) return undefined;
  return mean === normalized ? x : isOverLastAxis(mean) ? x : undefined;
}

/** x, where the value is x less the mean of each row. */
export function centredRows(value: GraphValue | undefined): GraphValue | undefined {
  const [x, mean] = producer(value, "Sub")?.inputs ?? [];
  return x !== undefined && meanedRows(mean) === x ? x : undefined;
}
