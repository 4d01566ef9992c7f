/** Files as other tools write them, for tests: made without the tables of our own writer. */
import { createGraph } from "../create-graph.ts";
import { float32Tensor, int64Tensor, stringTensor } from "../tensor.ts";
import { encodeMessage, type WireWriter } from "./wire-writer.ts";
import { writeModel } from "./write-model.ts";

// Field numbers are written out here on purpose: the files below are made without the writer's own tables.
export function modelFile(
  graph: (out: WireWriter) => void,
  rest: (out: WireWriter) => void = () => undefined,
): Uint8Array {
  return encodeMessage((out) => {
    out.int(1, 8);
    out.message(7, graph);
    rest(out);
  });
}

export function initializerFile(tensor: (out: WireWriter) => void): Uint8Array {
  return modelFile((graph) => graph.message(5, tensor));
}

export function attributeFile(attribute: (out: WireWriter) => void): Uint8Array {
  return modelFile((graph) => graph.message(1, (node) => node.message(5, attribute)));
}

export function doubles(...values: number[]): Uint8Array {
  return new Uint8Array(Float64Array.from(values).buffer);
}

export function sampleFile(): Uint8Array {
  const graph = createGraph();
  const x = graph.input("x", "string", ["batch", "length"]);
  const index = graph.node("LabelEncoder", [x], {
    attributes: {
      keys_tensor: stringTensor(["a", "b"]),
      values_tensor: int64Tensor([0, 1]),
      default_tensor: int64Tensor([-1]),
    },
  });
  const table = graph.constant(
    "table",
    float32Tensor(
      Float32Array.from({ length: 2000 }, (_, i) => i),
      [500, 4],
    ),
  );
  graph.output("y", graph.node("Gather", [table, index]));
  return writeModel(graph.build({ name: "sample", metadata: { task: "test" } }));
}
