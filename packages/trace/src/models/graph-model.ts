/** tfjs-converter's GraphModel by its parts, so that nobody pays for the converter who does not use it. */
import type { NamedTensorMap, Tensor } from "@tensorflow/tfjs-core";

/** What a trace needs of `tf.GraphModel`. */
export interface GraphModelLike {
  readonly inputs: readonly GraphTensorInfo[];
  /** Names by which `execute` takes inputs and gives outputs, in the order of `inputs` and `outputs`. */
  readonly inputNodes: readonly string[];
  readonly outputNodes: readonly string[];
  /** Constants by node. */
  readonly weights: Readonly<Record<string, readonly Tensor[]>>;
  execute(inputs: NamedTensorMap, outputs: string[]): Tensor | Tensor[];
}

export interface GraphTensorInfo {
  readonly name: string;
  readonly dtype?: string;
  /** −1 = free. */
  readonly shape?: readonly number[];
}

/** A node as the converter's executor holds it. */
export interface ExecutorNode {
  readonly name: string;
  readonly op: string;
  readonly category?: string;
  readonly inputs: readonly ExecutorNode[];
}

interface ExecutorGraph {
  readonly nodes: Readonly<Record<string, ExecutorNode>>;
  readonly outputs: readonly ExecutorNode[];
}

/** The converter keeps its graph to itself; `undefined` where this version of it has none of this form. */
export function executorGraph(model: GraphModelLike): ExecutorGraph | undefined {
  const executor: unknown = Reflect.get(model, "executor");
  return (executor as { graph?: ExecutorGraph } | undefined)?.graph;
}

/** Ops that only `executeAsync` runs. @see tfjs-converter, executor/model_analysis.ts */
const asyncOps: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ["Switch", "Merge", "Enter", "Exit", "NextIteration", "StatelessIf", "StatelessWhile", "If", "While"].map(
      (op) => [op, "control flow"],
    ),
  ),
  ...Object.fromEntries(
    ["NonMaxSuppressionV2", "NonMaxSuppressionV3", "NonMaxSuppressionV5", "Where"].map((op) => [
      op,
      "an output whose size hangs on values",
    ]),
  ),
  ...Object.fromEntries(
    [
      ...["HashTable", "HashTableV2", "LookupTableImport", "LookupTableImportV2", "LookupTableFind"],
      ...["LookupTableFindV2", "LookupTableSize", "LookupTableSizeV2"],
    ].map((op) => [op, "a lookup table"]),
  ),
};

/** Nodes behind the outputs that need `executeAsync`, one line each. */
export function listAsyncNodes(model: GraphModelLike): readonly string[] {
  const waiting = [...(executorGraph(model)?.outputs ?? [])];
  const seen = new Set(waiting);
  const issues: string[] = [];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const kind = asyncOps[node.op];
    if (kind !== undefined) {
      issues.push(
        `node "${node.name}" (${node.op}): ${kind} needs executeAsync, which a trace cannot follow; convert a part of the model without it`,
      );
    }
    for (const input of node.inputs) {
      if (seen.has(input)) continue;
      seen.add(input);
      waiting.push(input);
    }
  }
  return issues.sort();
}

/** Runs `body` while the name of the node that computes is on the path. */
export function withNodePaths<Result>(model: GraphModelLike, path: string[], body: () => Result): Result {
  const nodes = Object.values(executorGraph(model)?.nodes ?? {});
  const categories = nodes.map(({ category }) => category);
  try {
    for (const [at, node] of nodes.entries()) {
      // The executor asks for the category when, and only when, it runs the node.
      const get = () => {
        path.splice(0, path.length, node.name);
        return categories[at];
      };
      Object.defineProperty(node, "category", { get, enumerable: true, configurable: true });
    }
    return body();
  } finally {
    path.length = 0;
    for (const [at, node] of nodes.entries()) {
      const plain = { writable: true, enumerable: true, configurable: true };
      Object.defineProperty(node, "category", { value: categories[at], ...plain });
    }
  }
}
