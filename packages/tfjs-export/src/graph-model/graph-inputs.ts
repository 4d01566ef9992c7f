/** Inputs of a GraphModel, and which of them are ids. */
import type { GraphModel } from "@tensorflow/tfjs-converter";
import type { Tensor } from "@tensorflow/tfjs-core";
import { describeInput, type ModelInput, smallestCount } from "../model-input.ts";
import { type GraphNode, readGraphNodes } from "./graph-topology.ts";

/**
 * Inputs under the names of the signature, where it has any.
 *
 * @param issues - receives a line for each input that cannot be filled.
 */
export function listGraphInputs(
  model: GraphModel,
  topology: Readonly<Record<string, unknown>>,
  issues: string[],
): readonly ModelInput[] {
  const nodes = [...readGraphNodes(topology, []).values()];
  return model.inputs.flatMap(({ name, dtype, shape }, at) => {
    // What tfjs has no dtype for is a table that the model's initializer makes, no input of the caller.
    if (dtype === null) return [];
    const idCount = countIds(name, nodes, model, new Set(), dtype === "int32");
    return describeInput({ name: model.inputNodes[at] ?? name, dtype, shape, idCount }, issues);
  });
}

/** Ops whose outputs hold the values of their inputs. */
const passing: readonly string[] = [
  "Cast",
  "ConcatV2",
  "ExpandDims",
  "Identity",
  "Pack",
  "Reshape",
  "Squeeze",
  "StridedSlice",
  "Tile",
  "Transpose",
];

/**
 * Rows of the tables that a node's values are looked up in, the smallest of them. Integers are followed through any op: a
 * range that is too small does no harm to them, an id past the end of a table does.
 */
function countIds(
  name: string,
  nodes: readonly GraphNode[],
  model: GraphModel,
  seen: Set<string>,
  isInteger: boolean,
): number | undefined {
  if (seen.has(name)) return undefined;
  seen.add(name);
  return smallestCount(
    nodes
      .filter((node) => node.inputs.includes(name))
      .map((node) => {
        const rows = node.inputs[1] === name ? rowsOf(node, nodes, model) : undefined;
        if (rows !== undefined) return rows;
        return isInteger || passing.includes(node.op)
          ? countIds(node.name, nodes, model, seen, isInteger)
          : undefined;
      }),
  );
}

/** Rows of a gather's table, when it is a weight. */
function rowsOf(node: GraphNode, nodes: readonly GraphNode[], model: GraphModel): number | undefined {
  if (node.op !== "GatherV2" && node.op !== "Gather") return undefined;
  const [table, , axisName] = node.inputs;
  const shape = weightOf(table, nodes, model)?.shape;
  const axis = weightOf(axisName, nodes, model)?.dataSync()[0] ?? 0;
  return typeof axis === "number" ? shape?.at(axis) : undefined;
}

function weightOf(
  name: string | undefined,
  nodes: readonly GraphNode[],
  model: GraphModel,
): Tensor | undefined {
  if (name === undefined) return undefined;
  const weight = model.weights[name]?.[0];
  const node = weight === undefined ? nodes.find((other) => other.name === name) : undefined;
  return node?.op === "Identity" ? weightOf(node.inputs[0], nodes, model) : weight;
}
