/** Einsum: sums of products along named axes. */
import type { Dim } from "@attune/contracts";
import { broadcastDims, type Dims, formatDims, unifyDim } from "../dims.ts";
import {
  defineOp,
  type InferContext,
  numeric,
  type OpDefinition,
  param,
  type ValueType,
  variadic,
} from "./define.ts";

/** One side's axes: a letter each, `"..."` for any number of broadcast axes. */
function axesOf(term: string): readonly string[] | undefined {
  const axes = term.match(/\.\.\.|[A-Za-z]/g) ?? [];
  return axes.join("") === term && axes.filter((axis) => axis === "...").length <= 1 ? axes : undefined;
}

interface Equation {
  readonly inputs: readonly (readonly string[])[];
  readonly output: readonly string[];
}

/** `"bij,bjk->bik"`; without an arrow the output has the letters that occur once, in the order of the alphabet. */
function parseEquation(text: string): Equation | undefined {
  const [left = "", right, ...more] = text.replaceAll(/\s/g, "").split("->");
  const inputs = left.split(",").map(axesOf);
  if (more.length > 0 || !inputs.every((axes) => axes !== undefined)) return undefined;
  const all = inputs.flat();
  const once = all.filter((axis) => axis !== "..." && all.indexOf(axis) === all.lastIndexOf(axis)).sort();
  const implicit = all.includes("...") ? ["...", ...once] : once;
  const output = right === undefined ? implicit : axesOf(right);
  return output === undefined || !output.every((axis) => axis === "..." || all.includes(axis))
    ? undefined
    : { inputs, output };
}

function inferEinsum(ctx: InferContext): readonly ValueType[] {
  const text = ctx.string("equation") ?? "";
  const equation = parseEquation(text);
  if (equation === undefined) {
    ctx.issue(`equation "${text}" is not of the form "ij,jk->ik"`);
    return [{}];
  }
  if (equation.inputs.length !== ctx.inputCount) {
    ctx.issue(`equation "${text}" has ${equation.inputs.length} terms for ${ctx.inputCount} inputs`);
    return [{}];
  }
  const sizes = new Map<string, Dim>();
  const spread: (Dims | undefined)[] = [];
  equation.inputs.forEach((axes, index) => {
    const dims = ctx.dims(index);
    if (dims === undefined) spread.push(...(axes.includes("...") ? [undefined] : []));
    else readTerm(ctx, index, axes, dims, sizes, spread);
  });
  const { dims: shared, issue } = broadcastDims(spread);
  if (issue !== undefined) ctx.issue(issue);
  if (shared === undefined && equation.output.includes("...")) return [{}];
  return [{ dims: equation.output.flatMap((axis) => (axis === "..." ? (shared ?? []) : [sizes.get(axis)])) }];
}

/** Notes the size of each letter and what the dots stand for. A letter is one size, or 1 where it is repeated. */
function readTerm(
  ctx: InferContext,
  index: number,
  axes: readonly string[],
  dims: Dims,
  sizes: Map<string, Dim>,
  spread: (Dims | undefined)[],
): void {
  const dots = axes.indexOf("...");
  const free = dims.length - (axes.length - (dots < 0 ? 0 : 1));
  if (free < 0 || (dots < 0 && free > 0)) {
    ctx.issue(`input ${index} ${formatDims(dims)} does not have the axes ${axes.join("")}`);
    return;
  }
  if (dots >= 0) spread.push(dims.slice(dots, dots + free));
  axes.forEach((axis, at) => {
    if (axis === "...") return;
    const dim = dims[dots >= 0 && at > dots ? at + free - 1 : at];
    const known = sizes.get(axis);
    const merged = known === 1 ? dim : dim === 1 ? (sizes.has(axis) ? known : dim) : unifyDim(known, dim);
    if (typeof merged === "object") ctx.issue(`axis ${axis} is both ${known} and ${dim}`);
    else sizes.set(axis, merged);
  });
}

export const einsumOps: readonly OpDefinition[] = [
  defineOp({
    op: "Einsum",
    since: 12,
    inputs: [variadic("Inputs")],
    outputs: [param("Output")],
    types: { T: numeric },
    attributes: { equation: { type: "string", required: true } },
    infer: inferEinsum,
  }),
];
