/** Collects the nodes of one trace. Dtypes and shapes come from the op list of @attune/onnx, with concrete dims. */
import type { DataType, Tensor } from "@attune/contracts";
import { createGraph, type Value } from "@attune/onnx";
import type { Attributes, TracedNode, TracedValue, ValueSource } from "./traced-value.ts";

export interface Recorder {
  readonly nodes: readonly TracedNode[];
  readonly values: readonly TracedValue[];
  input(name: string, dtype: DataType, dims: readonly number[]): TracedValue;
  /** `origin` says in an error where the numbers came from. */
  constant(tensor: Tensor, name: string, origin: string): TracedValue;
  append(
    op: string,
    inputs: readonly (TracedValue | undefined)[],
    outputCount: number,
    attributes: Attributes,
  ): readonly TracedValue[];
  /** The same value, whose numbers are now known. */
  markKnown(value: TracedValue, known: () => Tensor): TracedValue;
  /** The tfjs kernel whose nodes follow. */
  kernel: string;
  /** The path of layers that is running. */
  readonly path: string[];
  /** A path in the words of an error: `in layer "encoder/dense_1"`. Set where its parts are something else. */
  placeOf: (path: string) => string;
}

export function createRecorder(): Recorder {
  const builder = createGraph();
  const nodes: TracedNode[] = [];
  const values: TracedValue[] = [];
  const typed = new WeakMap<TracedValue, Value>();

  function add(value: Value, source: ValueSource, known?: () => Tensor): TracedValue {
    const traced = { id: values.length, dtype: value.dtype, dims: value.dims as number[], source, known };
    typed.set(traced, value);
    values.push(traced);
    return traced;
  }

  const recorder: Recorder = {
    nodes,
    values,
    kernel: "",
    path: [],
    placeOf: (path) => `in layer "${path}"`,
    input: (name, dtype, dims) => add(builder.input(name, dtype, dims), { kind: "input", name }),
    constant: (tensor, name, origin) =>
      add(builder.constant(name, tensor), { kind: "constant", tensor, name, origin }, () => tensor),
    append(op, inputs, outputCount, attributes) {
      const inferred = builder.nodes(
        op,
        inputs.map((input) => input && typed.get(input)),
        outputCount,
        { attributes },
      );
      const { kernel, path } = recorder;
      const outputs: TracedValue[] = [];
      const node: TracedNode = { op, inputs, attributes, outputs, scope: path.join("/"), kernel };
      nodes.push(node);
      for (const [index, value] of inferred.entries())
        outputs.push(add(value, { kind: "node", node, index }));
      return outputs;
    },
    markKnown(value, known) {
      const marked = { ...value, known };
      typed.set(marked, typed.get(value) as Value);
      values[value.id] = marked;
      if (value.source.kind === "node") value.source.node.outputs[value.source.index] = marked;
      return marked;
    },
  };
  return recorder;
}
