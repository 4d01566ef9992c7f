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
  /** Figures by scope, sorted by name. Tables inside attributes (LabelEncoder) count for their node's scope. */
  readonly scopes: readonly ScopeSummary[];
}

/** Counts nodes, ops and bytes of parameters, those in bodies of If, Loop and Scan included. */
export function summarizeModel(model: Model): ModelSummary {
  const graphs = Array.from(allGraphs(model.graph));
  const nodes = graphs.flatMap((graph) => graph.nodes);
  const scopes = new Map<string, { nodeCount: number; parameterCount: number; parameterBytes: number }>();
  const at = (name: string) => {
    const scope = scopeOf(name);
    const figures = scopes.get(scope) ?? { nodeCount: 0, parameterCount: 0, parameterBytes: 0 };
    scopes.set(scope, figures);
    return figures;
  };
  const addTensor = (name: string, tensor: Tensor) => {
    const figures = at(name);
    figures.parameterCount += tensor.data.length;
    figures.parameterBytes += tensorBytes(tensor);
  };
  for (const { initializers } of graphs) {
    for (const [name, tensor] of initializers) addTensor(name, tensor);
  }
  for (const node of nodes) {
    at(node.name).nodeCount++;
    for (const attribute of Object.values(node.attributes)) {
      if (attribute.type === "tensor") addTensor(node.name, attribute.value);
    }
  }
  const list = [...scopes].map(([scope, figures]) => ({ scope, ...figures }));
  return {
    nodeCount: nodes.length,
    opCounts: countNames(nodes.map(({ domain, op }) => qualifiedOp(domain, op))),
    parameterCount: list.reduce((sum, { parameterCount }) => sum + parameterCount, 0),
    parameterBytes: list.reduce((sum, { parameterBytes }) => sum + parameterBytes, 0),
    scopes: list.sort((a, b) => (a.scope < b.scope ? -1 : 1)),
  };
}

function tensorBytes({ data }: Tensor): number {
  if (ArrayBuffer.isView(data)) return data.byteLength;
  return data.reduce((sum, text) => sum + encodeUtf8(text).length, 0);
}
