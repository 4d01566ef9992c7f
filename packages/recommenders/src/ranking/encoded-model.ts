/** A fragment alone, as a model: encoded histories in, scores of the catalogue out. What every split is ranked with. */
import type { Fragment } from "@attune/features";
import { createGraph, writeModel } from "@attune/onnx";

/** Inputs `index` int64 and `weight` float32 `[batch, length]`; output `scores` float32 `[batch, items]`. */
export function writeEncodedModel(fragment: Fragment): Uint8Array {
  const graph = createGraph();
  const index = graph.input("index", "int64", ["batch", "length"]);
  const weight = graph.input("weight", "float32", ["batch", "length"]);
  graph.output("scores", fragment.build(graph.scope("model"), { index, weight }));
  return writeModel(graph.build({ name: "encoded" }));
}
