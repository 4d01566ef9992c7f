/**
 * Normalization of rows, (x − mean) / √(variance + ε) · scale + offset, becomes LayerNormalization: as it is written by
 * hand, from tf.moments, and as tf.layers.layerNormalization computes it. The gradient takes the moments from it too.
 */
import { float32Tensor } from "@attune/onnx";
import { constantExpression, constantOf } from "../graph/expression.ts";
import {
  createNode,
  createValue,
  type GraphValue,
  listNodes,
  type NodeDraft,
  type TracedGraph,
} from "../graph/graph.ts";
import { replaceUses } from "../graph/replace.ts";
import { constantValue } from "../unify/constant.ts";
import { centredRows, isColumnOf, isRowOf, meanedRows } from "./last-axis.ts";
import { deviatedRows, invertedRows, isOf, type Moments, variedRows } from "./moments.ts";
import { type Label, reshape } from "./products.ts";
import { isNumber, producer, sameShape, uniformNumber } from "./rewrite.ts";

/** Rows of x, normalized; scale and offset are there for each place of a row. */
interface Normalized extends Moments {
  readonly scale?: GraphValue;
  readonly offset?: GraphValue;
}

interface Found {
  readonly value: GraphValue;
  readonly normalized: Normalized;
}

export function composeLayerNormalizations(graph: TracedGraph): TracedGraph {
  let next = graph;
  // One at a time: what is found next may hang on what this one makes.
  for (let found = findFirst(next); found !== undefined; found = findFirst(next)) {
    next = replaceNormalization(next, found);
  }
  return next;
}

/** The first rows that are normalized, with all that is done to them. */
function findFirst(graph: TracedGraph): Found | undefined {
  let best: Found | undefined;
  for (const node of listNodes(graph)) {
    const [value] = node.outputs;
    const normalized = value && normalizedRows(value);
    if (value === undefined || normalized === undefined) continue;
    if (best !== undefined && !isOf(normalized, best.normalized)) continue;
    if (best === undefined || countParts(normalized) > countParts(best.normalized)) {
      best = { value, normalized };
    }
  }
  return best;
}

function countParts({ scale, offset }: Normalized): number {
  return Number(scale !== undefined) + Number(offset !== undefined);
}

function normalizedRows(value: GraphValue): Normalized | undefined {
  const found = shiftedProduct(value) ?? withOffset(value) ?? scaledRows(value);
  const [size, isFloat] = [found?.x.dims.at(-1), found?.x.dtype === "float32"];
  // ONNX Runtime refuses rows of one number.
  const isLong = size !== undefined && (constantOf(size) ?? 0) > 1;
  return isLong && isFloat && value.dims.length === found?.x.dims.length ? found : undefined;
}

function withOffset(value: GraphValue): Normalized | undefined {
  const terms = producer(value, "Add")?.inputs ?? [];
  for (const [at, term] of terms.entries()) {
    const offset = terms[1 - at];
    const rows = term && scaledRows(term);
    if (rows !== undefined && offset !== undefined && isVector(offset, rows.x)) return { ...rows, offset };
  }
  return undefined;
}

function scaledRows(value: GraphValue): Normalized | undefined {
  const plain = plainRows(value);
  if (plain !== undefined) return plain;
  const factors = producer(value, "Mul")?.inputs ?? [];
  for (const [at, factor] of factors.entries()) {
    const scale = factors[1 - at];
    const rows = factor && plainRows(factor);
    if (rows === undefined || rows.scale !== undefined || scale === undefined) continue;
    if (isVector(scale, rows.x)) return { ...rows, scale };
  }
  return undefined;
}

/** (x − mean) times a factor, or by the deviation. */
function plainRows(value: GraphValue): Normalized | undefined {
  const [a, b] = producer(value, "Div")?.inputs ?? [];
  const divided = deviatedRows(b);
  if (divided !== undefined && centredRows(a) === divided.x) return divided;
  const factors = producer(value, "Mul")?.inputs ?? [];
  return factors
    .map((factor, at) => {
      const rows = factorOfRows(factors[1 - at]);
      return rows !== undefined && centredRows(factor) === rows.x ? rows : undefined;
    })
    .find((rows) => rows !== undefined);
}

/** x · factor + (offset − mean · factor), or without an offset x · factor − mean · factor. */
function shiftedProduct(value: GraphValue): Normalized | undefined {
  const [product, shift] = (producer(value, "Add") ?? producer(value, "Sub"))?.inputs ?? [];
  const [x, factor] = producer(product, "Mul")?.inputs ?? [];
  const difference = producer(value, "Add") && producer(shift, "Sub");
  const [offset, shifted] = difference?.inputs ?? [undefined, producer(value, "Sub") && shift];
  const [mean, same] = producer(shifted, "Mul")?.inputs ?? [];
  const rows = factorOfRows(factor);
  const isSame = beforeExpand(same) === beforeExpand(factor);
  if (rows === undefined || rows.x !== x || !isSame || meanedRows(mean) !== x) return undefined;
  if (offset === undefined) return rows;
  return isVector(offset, x) ? { ...rows, offset } : undefined;
}

/** 1 / √(variance + ε), or scale / √(variance + ε). */
function factorOfRows(value: GraphValue | undefined): Normalized | undefined {
  const inverse = invertedRows(value);
  if (inverse !== undefined) return inverse;
  const [scale, deviation] = producer(value, "Div")?.inputs ?? [];
  const divided = deviatedRows(deviation);
  if (divided !== undefined) return scale && isVector(scale, divided.x) ? { ...divided, scale } : undefined;
  const factors = producer(value, "Mul")?.inputs ?? [];
  for (const [at, factor] of factors.entries()) {
    const rows = invertedRows(factor);
    const other = factors[1 - at];
    if (rows !== undefined && other !== undefined && isVector(other, rows.x))
      return { ...rows, scale: other };
  }
  return undefined;
}

/** One number for each place of a row, or one for all. */
function isVector(value: GraphValue, x: GraphValue): boolean {
  return isRowOf(value, x) || (isNumber(value) && uniformNumber(value) !== undefined);
}

function beforeExpand(value: GraphValue | undefined): GraphValue | undefined {
  return producer(value, "Expand")?.inputs[0] ?? value;
}

function replaceNormalization(graph: TracedGraph, { value, normalized }: Found): TracedGraph {
  const { scope, kernel } = (value.source as Extract<GraphValue["source"], { kind: "node" }>).node;
  const label = { scope, kernel };
  const { x } = normalized;
  const column = { dtype: x.dtype, dims: [...x.dims.slice(0, -1), constantExpression(1)] };
  const outputs = createNode(layerNode(normalized, label), [value, column, column]);
  const [y, mean, inverse] = outputs as readonly [GraphValue, GraphValue, GraphValue];
  const step = (op: string, ...inputs: GraphValue[]) => createValue({ op, inputs, ...label }, column);
  const deviation = step("Reciprocal", inverse);
  const variance = step("Mul", deviation, deviation);
  const by = new Map<GraphValue, GraphValue>([[value, y]]);
  for (const [output] of listNodes(graph).map((node) => node.outputs)) {
    const isFlat = output !== undefined && sameShape(output.dims, x.dims.slice(0, -1));
    if (output === undefined || !(isFlat || isColumnOf(output, x))) continue;
    const rows = reshape(output, column.dims, label);
    const found =
      (meanedRows(rows) === x && mean) ||
      (isOf(invertedRows(rows), normalized) && inverse) ||
      (isOf(deviatedRows(rows), normalized) && deviation) ||
      (isOf(variedRows(rows), normalized) && variance);
    if (found) by.set(output, reshape(found, output.dims, label));
  }
  const next = replaceUses(graph, by);
  const isGiven = listNodes(next).some(({ inputs }) => inputs.includes(mean) || inputs.includes(inverse));
  if (isGiven || next.outputs.some((output) => output.value === mean || output.value === inverse))
    return next;
  return replaceUses(graph, new Map([[value, createValue(layerNode(normalized, label), value)]]));
}

function layerNode({ x, epsilon, scale, offset }: Normalized, label: Label): NodeDraft {
  const size = x.dims.slice(-1);
  const count = size.map((dim) => constantOf(dim) ?? 0);
  const vectorOf = (value: GraphValue | undefined) => {
    const number = value === undefined ? 1 : uniformNumber(value);
    if (value !== undefined && number === undefined) return reshape(value, size, label);
    return constantValue(
      float32Tensor(
        Array.from({ length: count[0] ?? 0 }, () => number ?? 1),
        count,
      ),
    );
  };
  const vectors = [vectorOf(scale), ...(offset === undefined ? [] : [vectorOf(offset)])];
  return { op: "LayerNormalization", inputs: [x, ...vectors], attributes: { axis: -1, epsilon }, ...label };
}
