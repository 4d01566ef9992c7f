/** The builder itself: one state, any number of scopes that write into it. */
import { AttuneError, type DataType, type Dim, type Tensor } from "@attune/contracts";
import { convertAttribute } from "./attribute.ts";
import type { BuildOptions, GraphBuilder, GraphOptions, NodeOptions } from "./builder.ts";
import { unifyDims } from "./dims.ts";
import { finishGraph, type GraphState } from "./finish-graph.ts";
import type { Attribute, Model, Value } from "./model.ts";
import type { Domain, OpDefinition, ValueType } from "./ops/define.ts";
import { findOp, hasOp, opsetRange } from "./ops/index.ts";
import { inferNode } from "./ops/infer-node.ts";
import { typeOfConstant } from "./ops/values.ts";
import { checkTensor } from "./tensor.ts";

/** Constants up to this many elements are shared when equal. */
const sharedElements = 64;

/**
 * A new, empty graph.
 *
 * @throws {AttuneError} `ONNX_BUILD` when the opset is outside 17 to 21.
 */
export function createGraph(options: GraphOptions = {}): GraphBuilder {
  const { min, max } = opsetRange[""];
  const { opset = max } = options;
  if (!Number.isInteger(opset) || opset < min || opset > max) {
    throw new AttuneError("ONNX_BUILD", {
      node: "a graph",
      issues: [`opset ${opset} is outside ${min} to ${max}`],
    });
  }
  return createScope("", {
    opsets: { "": opset, "ai.onnx.ml": opsetRange["ai.onnx.ml"].max },
    inputs: [],
    outputs: new Map(),
    nodes: [],
    initializers: new Map(),
    types: new Map(),
    owned: new WeakSet(),
    shared: new Map(),
    names: new Set(),
    nameCounts: new Map(),
  });
}

function createScope(prefix: string, state: GraphState): GraphBuilder {
  return {
    input: (name, dtype, dims) => addInput(state, name, dtype, dims),
    constant: (name, tensor) => addConstant(state, prefix + name, tensor),
    node(op, inputs, options) {
      const [value] = addNode(state, prefix, op, inputs, 1, options);
      return value as Value;
    },
    nodes: (op, inputs, outputCount, options) => addNode(state, prefix, op, inputs, outputCount, options),
    output: (name, value, dims) => addOutput(state, name, value, dims),
    scope: (name) => createScope(`${prefix}${name}/`, state),
    build: (options: BuildOptions): Model => finishGraph(state, options),
  };
}

function fail(node: string, issues: readonly string[]): void {
  if (issues.length > 0) throw new AttuneError("ONNX_BUILD", { node, issues });
}

function uniqueName(state: GraphState, wanted: string): string {
  let name = wanted;
  let count = state.nameCounts.get(wanted) ?? 1;
  while (state.names.has(name)) {
    count++;
    name = `${wanted}_${count}`;
  }
  state.nameCounts.set(wanted, count);
  state.names.add(name);
  return name;
}

function ownValue(state: GraphState, value: Value, type: ValueType): Value {
  state.types.set(value.name, type);
  state.owned.add(value);
  return value;
}

function addInput(state: GraphState, name: string, dtype: DataType, dims: readonly Dim[]): Value {
  const bad = dims.filter((dim) => typeof dim === "number" && !(Number.isSafeInteger(dim) && dim >= 0));
  fail(`input ${name}`, [
    ...(name === "" ? ["it has no name"] : []),
    ...(state.names.has(name) || state.outputs.has(name) ? ["the name is taken"] : []),
    ...bad.map((dim) => `dim ${dim} is not a whole number ≥ 0`),
  ]);
  state.names.add(name);
  const value = ownValue(state, { name, dtype, dims: [...dims] }, { dtype, dims });
  state.inputs.push(value);
  return value;
}

function addConstant(state: GraphState, wanted: string, tensor: Tensor): Value {
  fail(`constant ${wanted}`, checkTensor(tensor));
  const key = tensor.data.length <= sharedElements ? contentKey(tensor) : undefined;
  const known = key === undefined ? undefined : state.shared.get(key);
  if (known !== undefined) return known;
  const name = uniqueName(state, wanted);
  const { dtype, dims } = tensor;
  state.initializers.set(name, tensor);
  const value = ownValue(state, { name, dtype, dims }, typeOfConstant(tensor));
  if (key !== undefined) state.shared.set(key, value);
  return value;
}

/** Equal for equal bytes, so −0 is not 0 and NaN is NaN. */
function contentKey({ dtype, dims, data }: Tensor): string {
  const content = ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength).join()
    : JSON.stringify(data);
  return `${dtype}[${dims.join()}]${content}`;
}

function addNode(
  state: GraphState,
  prefix: string,
  op: string,
  inputs: readonly (Value | undefined)[],
  outputCount: number,
  options: NodeOptions = {},
): Value[] {
  const wanted = prefix + (options.name ?? op.toLowerCase());
  const what = `${op} "${wanted}"`;
  const definition = lookUp(state, op);
  if (typeof definition === "string")
    throw new AttuneError("ONNX_BUILD", { node: what, issues: [definition] });
  const issues = inputs.flatMap((value, index) =>
    value === undefined || state.owned.has(value)
      ? []
      : [`input ${index} (${value.name}) is not of this graph`],
  );
  const attributes: Record<string, Attribute> = {};
  for (const [name, input] of Object.entries(options.attributes ?? {})) {
    const converted = convertAttribute(name, definition.attributes, input);
    if (typeof converted === "string") issues.push(converted);
    else attributes[name] = converted;
  }
  const inference = inferNode(definition, {
    inputs: inputs.map((value) => value && (state.owned.has(value) ? state.types.get(value.name) : {})),
    outputCount,
    attributes,
    opset: state.opsets[definition.domain],
  });
  const mistyped = new Set(Object.keys(options.attributes ?? {}).filter((name) => !(name in attributes)));
  issues.push(
    ...inference.issues.filter(
      (issue) => ![...mistyped].some((name) => issue === `attribute ${name} is missing`),
    ),
  );
  if (issues.length === 0) issues.push(...unknownParts(inference.outputs));
  fail(what, issues);
  const name = uniqueName(state, wanted);
  const values = inference.outputs.map((type, index) => {
    const own =
      outputCount === 1 ? name : uniqueName(state, `${name}.${definition.outputs[index]?.name ?? index}`);
    return ownValue(state, { name: own, dtype: type.dtype as DataType, dims: type.dims ?? [] }, type);
  });
  const names = inputs.map((value) => value?.name ?? "");
  state.nodes.push({
    name,
    op,
    domain: definition.domain,
    inputs: names.slice(0, names.findLastIndex((input) => input !== "") + 1),
    outputs: values.map((value) => value.name),
    attributes,
  });
  return values;
}

/** A builder value always has a dtype and a rank; ops whose result has none need more from their inputs. */
function unknownParts(outputs: readonly ValueType[]): string[] {
  return outputs.flatMap(({ dtype, dims }, index) => [
    ...(dtype === undefined ? [`the dtype of output ${index} cannot be told`] : []),
    ...(dims === undefined
      ? [`the rank of output ${index} cannot be told; give shapes and axes as constants, or of known length`]
      : []),
  ]);
}

function lookUp(state: GraphState, op: string): OpDefinition | string {
  const domains: readonly Domain[] = ["", "ai.onnx.ml"];
  for (const domain of domains) {
    const found = findOp(domain, op, state.opsets[domain]);
    if (found !== undefined) return found;
    if (hasOp(domain, op)) return `not in opset ${state.opsets[domain]}`;
  }
  return "no such op in the list (docs/ops.md)";
}

function addOutput(state: GraphState, name: string, value: Value, dims: readonly Dim[] | undefined): void {
  const merged = unifyDims(value.dims, dims);
  fail(`output ${name}`, [
    ...(name === "" ? ["it has no name"] : []),
    ...(state.owned.has(value) ? [] : [`${value.name} is not of this graph`]),
    ...(state.outputs.has(name) ? ["there is an output of this name"] : []),
    ...(state.inputs.some((input) => input.name === name) ? ["an input has this name"] : []),
    ...(merged.issue === undefined ? [] : [merged.issue]),
  ]);
  state.outputs.set(name, { value, dims: merged.dims ?? value.dims });
}
