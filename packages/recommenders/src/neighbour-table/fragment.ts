/** A neighbour table as a graph: gather the history's rows, weigh them, scatter them into the catalogue. */
import type { RecommendFragment } from "@attune/features";
import { float32Tensor, int32Tensor, int64Tensor } from "@attune/onnx";
import { expandToCatalogue } from "../catalogue-shape.ts";
import { bytesPerNeighbour, type NeighbourTable } from "./table.ts";

/** Scores by a table; an empty history adds nothing to the base. */
export function createTableFragment(table: NeighbourTable): RecommendFragment {
  const { itemCount, neighboursPerItem } = table;
  return {
    itemCount,
    bytes: itemCount * neighboursPerItem * bytesPerNeighbour,
    addsToBase: true,
    build(graph, { history }) {
      const dims = [itemCount, neighboursPerItem];
      const neighbours = graph.constant("neighbours", int32Tensor(table.indexes, dims));
      const weights = graph.constant("weights", float32Tensor(table.weights, dims));
      const targets = graph.node("Gather", [neighbours, history.index], { name: "targets" });
      const rows = graph.node("Gather", [weights, history.index], { name: "rows" });
      const last = graph.constant("last_axis", int64Tensor([-1]));
      const column = graph.node("Unsqueeze", [history.weight, last], { name: "column" });
      const updates = graph.node("Mul", [rows, column], { name: "weighted" });

      const zero = graph.constant("zero", float32Tensor([0], [1, 1]));
      const base = history.base ?? expandToCatalogue(graph, history, zero, itemCount);
      const flat = graph.constant("flat", int64Tensor([0, -1]));
      return graph.node(
        "ScatterElements",
        [
          base,
          graph.node("Reshape", [targets, flat], { name: "flat_targets" }),
          graph.node("Reshape", [updates, flat], { name: "flat_weighted" }),
        ],
        { attributes: { axis: 1, reduction: "add" }, name: "accumulate" },
      );
    },
  };
}
