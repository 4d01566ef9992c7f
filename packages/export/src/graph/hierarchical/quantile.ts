/** Quantiles near an end of the draws, as graph nodes. */
import { float32Tensor, type GraphBuilder, int64Tensor, type Value } from "@attune/onnx";

export interface QuantileOptions {
  readonly drawCount: number;
  /** `lower`: the 2.5 % quantile; `upper`: the 97.5 % one. */
  readonly tail: "lower" | "upper";
}

/** Share of the draws beyond the bound. */
const share = 0.025;

/**
 * The quantile of each row, linear between order statistics: position `share · (draws − 1)` from the end. Only the tail is
 * sorted, which for 1,000 draws is 26 of them.
 *
 * @param draws - float32 `[batch, draws]`.
 * @returns float32 `[batch]`.
 * @see Hyndman & Fan 1996, definition 7 (the default of R and NumPy).
 */
export function tailQuantile(graph: GraphBuilder, draws: Value, { drawCount, tail }: QuantileOptions): Value {
  const position = share * (drawCount - 1);
  const outer = Math.floor(position);
  const inner = Math.min(outer + 1, drawCount - 1);
  const count = graph.constant("count", int64Tensor([inner + 1]));
  const [sorted] = graph.nodes("TopK", [draws, count], 2, {
    name: "sorted",
    attributes: { axis: 1, largest: tail === "upper" ? 1 : 0 },
  }) as [Value, Value];
  const at = (place: number, name: string) =>
    graph.node("Gather", [sorted, graph.constant(`${name}_place`, int64Tensor([place], []))], {
      name,
      attributes: { axis: 1 },
    });
  const from = at(outer, "outer");
  const step = graph.node("Sub", [at(inner, "inner"), from], { name: "step" });
  const part = graph.constant("part", float32Tensor([position - outer], []));
  return graph.node("Add", [from, graph.node("Mul", [step, part], { name: "way" })], { name: "bound" });
}
