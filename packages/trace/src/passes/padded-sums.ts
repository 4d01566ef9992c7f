/**
 * Sums with a tensor that is 0 but for a part of it: the gradient of a slice, which often meets the gradient of the
 * Concat that was sliced, as in a softmax over one target and many samples.
 */
import { constantOf } from "../graph/expression.ts";
import { createNode, createValue, type GraphNode, type GraphValue } from "../graph/graph.ts";
import { constantTensor, isNumber, producer, type Rule, sameShape, uniformNumber } from "./rewrite.ts";

/** Zeros around x along one axis. */
interface Padded {
  readonly x: GraphValue;
  readonly axis: number;
  readonly before: number;
}

/** Σ over the axis that zeros were put around → Σ without them. */
const sumWithoutZeros: Rule = ({ op, inputs, outputs, attributes, scope, kernel }) => {
  const [x, axes] = inputs;
  const [y] = outputs;
  const padded = op === "ReduceSum" ? paddedOf(x) : undefined;
  const list = Array.from(constantTensor(axes)?.data ?? [], Number);
  if (padded === undefined || y === undefined || !list.includes(padded.axis)) return undefined;
  return [createValue({ op, inputs: [padded.x, axes], attributes, scope, kernel }, y)];
};

/** Split(Pad(x) ± z) → x ± a part of z, and parts of ±z alone. */
const splitSum: Rule = (node, { uses }) => {
  const [sum] = node.inputs;
  const added = producer(sum, "Add") ?? producer(sum, "Sub");
  if (node.op !== "Split" || sum === undefined || added === undefined || uses(sum) > 1) return undefined;
  for (const [at, input] of added.inputs.entries()) {
    const padded = paddedOf(input);
    const other = added.inputs[1 - at];
    const places = padded && placesOf(node, padded);
    if (padded === undefined || places === undefined || other === undefined) continue;
    if (!sameShape(other.dims, sum.dims)) continue;
    return splitParts(node, other).map((part, index) => {
      if (places[index] === "x") {
        const inputs = at === 0 ? [padded.x, part] : [part, padded.x];
        return createValue({ ...added, inputs }, part);
      }
      const isSubtracted = added.op === "Sub" && at === 0;
      return isSubtracted ? createValue({ ...added, op: "Neg", inputs: [part] }, part) : part;
    });
  }
  return undefined;
};

/** z's parts; a number that z is multiplied by is left for them. */
function splitParts(split: GraphNode, z: GraphValue): readonly GraphValue[] {
  const product = producer(z, "Mul");
  const number = product?.inputs.find((value) => value !== undefined && isNumber(value));
  const large = number && product?.inputs.find((value) => value !== number);
  const isScaled = large !== undefined && sameShape(large.dims, z.dims);
  const parts = createNode(
    { ...split, inputs: [isScaled ? large : z, split.inputs[1]] },
    split.outputs.map(({ dims }) => ({ dtype: z.dtype, dims })),
  );
  if (product === undefined || !isScaled) return parts;
  return parts.map((part) => createValue({ ...product, inputs: [part, number] }, part));
}

/** What of the padded tensor each part of the Split is, if each lies on one side of the borders. */
function placesOf(split: GraphNode, { x, axis, before }: Padded): ("zero" | "x")[] | undefined {
  const given = Number(split.attributes.axis ?? 0);
  const sizeOf = ({ dims }: GraphValue) => {
    const dim = dims[axis];
    return dim && constantOf(dim);
  };
  const size = sizeOf(x);
  if (size === undefined || (given < 0 ? given + x.dims.length : given) !== axis) return undefined;
  const places: ("zero" | "x")[] = [];
  let start = 0;
  for (const part of split.outputs) {
    const count = sizeOf(part);
    if (count === undefined) return undefined;
    const end = start + count;
    if (start === before && count === size) places.push("x");
    else if (end <= before || start >= before + size) places.push("zero");
    else return undefined;
    start = end;
  }
  return places;
}

function paddedOf(value: GraphValue | undefined): Padded | undefined {
  const pad = producer(value, "Pad");
  const [x, pads, fill, axes] = pad?.inputs ?? [];
  const list = Array.from(constantTensor(pads)?.data ?? [], Number);
  const isZero = fill === undefined || uniformNumber(fill) === 0;
  const isPlain = (pad?.attributes.mode ?? "constant") === "constant" && axes === undefined;
  if (x === undefined || !isZero || !isPlain || list.some((count) => count < 0)) return undefined;
  const rank = list.length / 2;
  const padded = [...x.dims.keys()].filter((axis) => list[axis] !== 0 || list[axis + rank] !== 0);
  const [axis] = padded;
  if (padded.length !== 1 || axis === undefined || rank !== x.dims.length) return undefined;
  return { x, axis, before: list[axis] ?? 0 };
}

export const paddedSumRules: readonly Rule[] = [sumWithoutZeros, splitSum];
