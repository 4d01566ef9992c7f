/** The builder itself: one state, any number of scopes that write into it. */
import { AttuneError, type DataType, type Dim, type Tensor } from "@attune/contracts";
import { convertAttribute } from "./attribute.ts";
import type {
  AttributeInput,
  BuildOptions,
  GraphBuilder,
  GraphOptions,
  NodeOptions,
  Subgraph,
} from "./builder.ts";
import { unifyDims } from "./dims.ts";
import { finishBody, finishGraph } from "./finish-graph.ts";
import { createBodyState, createState, type GraphState, isVisible, uniqueName } from "./graph-state.ts";
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
  return createScope("", createState({ "": opset, "ai.onnx.ml": opsetRange["ai.onnx.ml"].max }));
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
    subgraph: (name, build) => addBody(state, prefix + name, build),
    scope: (name) => createScope(`${prefix}${name}/`, state),
    build(options: BuildOptions): Model {
      if (state.parent) fail(`graph ${options.name}`, ["a body is part of its model, it is not built alone"]);
      return finishGraph(state, options);
    },
  };
}

function addBody(parent: GraphState, name: string, build: (body: GraphBuilder) => void): Subgraph {
  const state = createBodyState(parent, name);
  build(createScope(state.prefix, state));
  fail(`graph ${name}`, state.outputs.size === 0 ? ["it has no outputs"] : []);
  const body: Subgraph = { graph: finishBody(state, name) };
  state.isFinished = true;
  parent.bodies.add(body);
  return body;
}

function fail(node: string, issues: readonly string[]): void {
  if (issues.length > 0) throw new AttuneError("ONNX_BUILD", { node, issues });
}

function checkOpen(state: GraphState, what: string): void {
  fail(what, state.isFinished ? ["its body is finished"] : []);
}

function ownValue(state: GraphState, value: Value, type: ValueType): Value {
  state.model.types.set(value.name, type);
  state.owned.add(value);
  return value;
}

function addInput(state: GraphState, name: string, dtype: DataType, dims: readonly Dim[]): Value {
  checkOpen(state, `input ${name}`);
  const bad = dims.filter((dim) => typeof dim === "number" && !(Number.isSafeInteger(dim) && dim >= 0));
  // Inputs of a model have the very names they are fed by, those of a body are known by their order.
  const isTaken = state.model.names.has(name) || state.outputs.has(name);
  fail(`input ${name}`, [
    ...(name === "" ? ["it has no name"] : []),
    ...(isTaken && !state.parent ? ["the name is taken"] : []),
    ...bad.map((dim) => `dim ${dim} is not a whole number ≥ 0`),
  ]);
  const own = uniqueName(state, state.prefix + name);
  const value = ownValue(state, { name: own, dtype, dims: [...dims] }, { dtype, dims });
  state.inputs.push(value);
  return value;
}

function addConstant(state: GraphState, wanted: string, tensor: Tensor): Value {
  checkOpen(state, `constant ${wanted}`);
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
  checkOpen(state, what);
  const definition = lookUp(state, op);
  if (typeof definition === "string")
    throw new AttuneError("ONNX_BUILD", { node: what, issues: [definition] });
  const issues = inputs.flatMap((value, index) =>
    value === undefined || isVisible(state, value)
      ? []
      : [`input ${index} (${value.name}) is not of this graph`],
  );
  const attributes: Record<string, Attribute> = {};
  for (const [name, input] of Object.entries(options.attributes ?? {})) {
    const converted = isForeignBody(state, input)
      ? `attribute ${name} is not a body made by this graph`
      : convertAttribute(name, definition.attributes, input);
    if (typeof converted === "string") issues.push(converted);
    else attributes[name] = converted;
  }
  const inference = inferNode(definition, {
    inputs: inputs.map(
      (value) => value && (isVisible(state, value) ? state.model.types.get(value.name) : {}),
    ),
    outputCount,
    attributes,
    opset: state.model.opsets[definition.domain],
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

function isForeignBody(state: GraphState, input: AttributeInput): boolean {
  return typeof input === "object" && "graph" in input && !state.bodies.has(input);
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
    const found = findOp(domain, op, state.model.opsets[domain]);
    if (found !== undefined) return found;
    if (hasOp(domain, op)) return `not in opset ${state.model.opsets[domain]}`;
  }
  return "no such op in the list (docs/ops.md)";
}

function addOutput(state: GraphState, name: string, value: Value, dims: readonly Dim[] | undefined): void {
  checkOpen(state, `output ${name}`);
  const merged = unifyDims(value.dims, dims);
  fail(`output ${name}`, [
    ...(name === "" ? ["it has no name"] : []),
    ...(isVisible(state, value) ? [] : [`${value.name} is not of this graph`]),
    ...(state.outputs.has(name) ? ["there is an output of this name"] : []),
    ...(!state.parent && state.inputs.some((input) => input.name === name) ? ["an input has this name"] : []),
    ...(merged.issue === undefined ? [] : [merged.issue]),
  ]);
  state.outputs.set(name, { value, dims: merged.dims ?? value.dims });
}
