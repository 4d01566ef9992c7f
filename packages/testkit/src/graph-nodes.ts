/** Nodes by their output, so that the graphs of this package read like formulas. */
import type { RawAttribute, RawNode } from "./onnx-bytes.ts";

export type AddNode = (
  /** Names of the outputs, divided by blanks. */
  outputs: string,
  op: string,
  /** Names of the inputs, divided by blanks. */
  inputs: string,
  attributes?: Readonly<Record<string, RawAttribute>>,
) => void;

/** The list and the function that fills it. LabelEncoder is of ai.onnx.ml, everything else of ai.onnx. */
export function collectNodes(): { readonly nodes: RawNode[]; readonly node: AddNode } {
  const nodes: RawNode[] = [];
  return {
    nodes,
    node(outputs, op, inputs, attributes = {}) {
      const domain = op === "LabelEncoder" ? "ai.onnx.ml" : "";
      nodes.push({ op, inputs: inputs.split(" "), outputs: outputs.split(" "), attributes, domain });
    },
  };
}
