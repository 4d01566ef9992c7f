/** The `classify` graph: columns, a model's probabilities, and the name of the most probable class. */
import { checkItemIds } from "@attune/features";
import { type GraphBuilder, type Model, stringTensor, type Value } from "@attune/onnx";
import { buildRowGraph, type RowGraphInput } from "../row-graph.ts";

/**
 * Builds the graph of docs/artifact.md. Same input, same model, byte for byte.
 *
 * @throws {AttuneError} `EXPORT_COLUMNS` for columns or classes that a graph cannot hold, `EXPORT_NOT_FINITE`,
 * `ONNX_INVALID` when the fragment breaks the graph.
 */
export function buildClassifyGraph(input: RowGraphInput<"classify">): Model {
  const { model } = input;
  const { classes } = model.fragment;
  const few = classes.length < 2 ? [`${classes.length} class: there must be two at least`] : [];
  return buildRowGraph({
    task: "classify",
    model,
    origin: input,
    outputs: ["label", "probabilities"],
    issues: [...few, ...checkItemIds(classes, "class")],
    build(graph, own, columns) {
      const probabilities = model.fragment.build(own, columns);
      graph.output("label", nameBest(graph.scope("label"), probabilities, classes), ["batch"]);
      graph.output("probabilities", probabilities, ["batch", classes.length]);
    },
  });
}

/** The most probable class of each row; the first of equal ones. */
function nameBest(graph: GraphBuilder, probabilities: Value, classes: readonly string[]): Value {
  const best = graph.node("ArgMax", [probabilities], { name: "best", attributes: { axis: 1, keepdims: 0 } });
  return graph.node("Gather", [graph.constant("classes", stringTensor(classes)), best], { name: "name" });
}
