/** A model in figures, for `attune inspect`. */

import type { Tensor } from "@attune/contracts";
import type { Model } from "../model.ts";
import { countNames, qualifiedOp } from "../proto/read-metadata.ts";
import { encodeUtf8 } from "../proto/utf8.ts";
import { allGraphs } from "../subgraphs.ts";
import { scopeOf } from "./scope.ts";

export interface ScopeSummary {
  /** `""` is the top of the graph. */
  readonly scope: string;
  readonly nodeCount: number;
  /** As of the whole model. */
  readonly opCounts: Readonly<Record<string, number>>;
  /** Elements of its initializers. */
  readonly parameterCount: number;
  /** Bytes of its initializers; strings as UTF-8. */
  readonly parameterBytes: number;
}

export interface ModelSummary {
  readonly nodeCount: number;
  /** Op → nodes, by name; ops of other domains as `ai.onnx.ml.LabelEncoder`. */
  readonly opCounts: Readonly<Record<string, number>>;
  readonly parameterCount: number;
  readonly parameterBytes: number;
  /**
   * Figures by scope, in the order in which the nodes come to them: parameters stand beside the first node that reads
   * them, those of no scope last. Tables inside attributes (LabelEncoder) count for their node's scope.
   */
  readonly scopes: readonly ScopeSummary[];
}

interface ScopeDraft {
  readonly ops: string[];
  parameterCount: number;
  parameterBytes: number;
}

/** Counts nodes, ops and bytes of parameters, those in bodies of If, Loop and Scan included. */
export function summarizeModel(model: Model): ModelSummary {
  const graphs = Array.from(allGraphs(model.graph));
  const nodes = graphs.flatMap((graph) => graph.nodes);
  const scopes = new Map<string, ScopeDraft>();
  const at = (name: string) => {
    const scope = scopeOf(name);
    const draft = scopes.get(scope) ?? { ops: [], parameterCount: 0, parameterBytes: 0 };
    scopes.set(scope, draft);
    return draft;
  };
  const addTensor = (name: string, tensor: Tensor) => {
    const draft = at(name);
    draft.parameterCount += tensor.data.length;
    draft.parameterBytes += tensorBytes(tensor);
  };
  const parameters = graphs.flatMap(({ initializers }) => [...initializers]);
  const names = new Set(parameters.map(([name]) => name));
  for (const node of nodes) {
    at(node.name).ops.push(qualifiedOp(node.domain, node.op));
    for (const attribute of Object.values(node.attributes)) {
      if (attribute.type === "tensor") addTensor(node.name, attribute.value);
    }
    for (const name of node.inputs) if (names.has(name) && scopeOf(name) !== "") at(name);
  }
  for (const [name, tensor] of parameters) addTensor(name, tensor);
  const list = Array.from(scopes, ([scope, { ops, ...figures }]) => ({
    scope,
    nodeCount: ops.length,
    opCounts: countNames(ops),
    ...figures,
  }));
  return {
    nodeCount: nodes.length,
    opCounts: countNames(nodes.map(({ domain, op }) => qualifiedOp(domain, op))),
    parameterCount: list.reduce((sum, { parameterCount }) => sum + parameterCount, 0),
    parameterBytes: list.reduce((sum, { parameterBytes }) => sum + parameterBytes, 0),
    scopes: list,
  };
}

function tensorBytes({ data }: Tensor): number {
  if (ArrayBuffer.isView(data)) return data.byteLength;
  return data.reduce((sum, text) => sum + encodeUtf8(text).length, 0);
}
