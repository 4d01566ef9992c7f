/** Tensors of the catalogue's shape in a graph whose batch size is not known. */
import type { EncodedHistory } from "@attune/features";
import { type GraphBuilder, int64Tensor, type Value } from "@attune/onnx";

/** float32 `[batch, items]`: the row `[1, items]` or scalar-like `[1, 1]` repeated. */
export function expandToCatalogue(
  graph: GraphBuilder,
  history: EncodedHistory,
  row: Value,
  itemCount: number,
): Value {
  const batch = graph.node("Shape", [history.index], { attributes: { start: 0, end: 1 }, name: "batch" });
  const items = graph.constant("items", int64Tensor([itemCount]));
  const shape = graph.node("Concat", [batch, items], { attributes: { axis: 0 }, name: "catalogue_shape" });
  return graph.node("Expand", [row, shape], { name: "catalogue" });
}
