/** Finds gradients that are sums of rows scattered over a table: few rows say all that the whole table would. */
import { constantOf, expressionKey } from "../graph/expression.ts";
import type { GraphValue } from "../graph/graph.ts";
import { producer, uniformNumber } from "../passes/rewrite.ts";

/** Rows added at places. */
export interface ScatteredRows {
  /** `count` of them, in any shape. */
  readonly places: GraphValue;
  /** `count / repeat` rows, in any shape: row r goes to the places `r·repeat … r·repeat + repeat − 1`. */
  readonly rows: GraphValue;
  readonly repeat: number;
}

export interface TableGradient {
  /** What the rows are added to; `undefined` = zeros. */
  readonly dense: GraphValue | undefined;
  readonly scattered: readonly ScatteredRows[];
}

/** The gradient as scattered rows, or `undefined` where it is not one. */
export function findTableGradient(value: GraphValue): TableGradient | undefined {
  const scattered: ScatteredRows[] = [];
  let at = value;
  for (;;) {
    const scatter = producer(at, "ScatterND");
    if (scatter === undefined) break;
    const [target, places, updates] = scatter.inputs;
    const isSum = scatter.attributes.reduction === "add" && places !== undefined && updates !== undefined;
    if (!isSum || target === undefined || constantOf(places.dims.at(-1)!) !== 1 || places.dims.length !== 2)
      break;
    scattered.push({ places: plainPlaces(places), ...lookThrough(updates) });
    at = target;
  }
  if (scattered.length === 0) return undefined;
  return { dense: uniformNumber(at) === 0 ? undefined : at, scattered: scattered.reverse() };
}

/** The int32 numbers behind their casts and reshapes, which the kernel reads as they are. */
function plainPlaces(places: GraphValue): GraphValue {
  let at = places;
  for (;;) {
    const inner = (producer(at, "Reshape") ?? producer(at, "Cast") ?? producer(at, "Unsqueeze"))?.inputs[0];
    if (inner === undefined || (inner.dtype !== "int32" && inner.dtype !== "int64")) return at;
    at = inner;
  }
}

/**
 * Reshape(Expand(x)) with a new middle axis repeats each row of x. Any other Reshape is left out: only the order of the
 * numbers counts, and ONNX Runtime copies the whole tensor where a Reshape gives an output.
 */
function lookThrough(updates: GraphValue): Pick<ScatteredRows, "rows" | "repeat"> {
  const whole = { rows: producer(updates, "Reshape")?.inputs[0] ?? updates, repeat: 1 };
  const expand = producer(producer(updates, "Reshape")?.inputs[0], "Expand");
  const small = expand?.inputs[0];
  const large = expand?.outputs[0];
  if (small === undefined || large === undefined || large.dims.length < 3) return whole;
  const [, repeat, ...width] = large.dims;
  const rank = large.dims.length;
  const times = repeat === undefined ? undefined : constantOf(repeat);
  const isRepeat =
    times !== undefined &&
    small.dims.length === rank &&
    small.dims.every((dim, axis) => {
      const key = expressionKey(dim);
      return axis === 1 ? constantOf(dim) === 1 : key === expressionKey(large.dims[axis]!);
    }) &&
    updates.dims.length === rank - 1 &&
    width.every((dim, axis) => expressionKey(dim) === expressionKey(updates.dims[axis + 1]!));
  return isRepeat ? { rows: small, repeat: times } : whole;
}
