/** Which level of the hierarchy answers a row. */
import { type EncodedColumns, unknownCode } from "@attune/features";
import { type GraphBuilder, int64Tensor, stringTensor, type Value } from "@attune/onnx";

/** The answer when not even the widest group is known. */
export const population = "population";

/**
 * The finest level whose group is known, with all wider ones known too: it stands before the first that is not.
 *
 * @param levels - category columns that nest, widest first.
 * @returns string `[batch]` a name of `levels`, or `"population"`.
 */
export function nameLevel(graph: GraphBuilder, columns: EncodedColumns, levels: readonly string[]): Value {
  const codes = levels.flatMap((level) => {
    const column = columns[level];
    return column?.kind === "category" ? [column.code] : [];
  });
  const all = graph.node("Concat", codes, { name: "codes", attributes: { axis: 1 } });
  // An unknown one behind the finest, so that there is always a first.
  const oneMore = graph.constant("one_more", int64Tensor([0, 0, 0, 1]));
  const unknown = graph.constant("unknown_code", int64Tensor([unknownCode], []));
  const padded = graph.node("Pad", [all, oneMore, unknown], { name: "padded" });
  const none = graph.constant("first_code", int64Tensor([0], []));
  const isUnknown = graph.node("Less", [padded, none], { name: "is_unknown" });
  const ones = graph.node("Cast", [isUnknown], { name: "ones", attributes: { to: "int64" } });
  const depth = graph.node("ArgMax", [ones], { name: "depth", attributes: { axis: 1, keepdims: 0 } });
  const names = graph.constant("names", stringTensor([population, ...levels]));
  return graph.node("Gather", [names, depth], { name: "name" });
}
