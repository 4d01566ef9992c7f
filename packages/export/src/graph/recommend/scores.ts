/** Scores of the catalogue: the model's, or popularity where there is nothing to go by. */
import type { EncodedColumns, EncodedRequest, RecommendInputs, RecommendModel } from "@attune/features";
import { float32Tensor, type GraphBuilder, int64Tensor, stringTensor, type Value } from "@attune/onnx";

export interface ScoreInput {
  readonly model: RecommendModel;
  readonly popularity: Float32Array;
  readonly encoded: EncodedRequest;
  readonly columns: EncodedColumns;
}

/**
 * Scores of the catalogue: the model's in rows with a known item, popularity in the others. The source is `"model"` only
 * where a model that reads the history answers.
 *
 * Popularity is laid down first, zero where the model will answer, so that a fragment that only adds to it costs no
 * pass over the catalogue more. Other fragments are merged with a Where.
 *
 * @returns `scores` float32 `[batch, items]`, `source` string `[batch]`.
 */
export function scoreOrFallBack(
  graph: GraphBuilder,
  { model, popularity, encoded, columns }: ScoreInput,
): { scores: Value; source: Value } {
  const fallback = graph.scope("fallback");
  const zero = fallback.constant("zero", float32Tensor([0], []));
  const popular = fallback.constant("popularity", float32Tensor(popularity, [1, popularity.length]));
  const isEmpty = fallback.node("Equal", [encoded.totalWeight, zero], { name: "is_empty" });
  const own = graph.scope(model.kind);
  const { history, ordered } = encoded;
  const inputs: RecommendInputs = { history, columns, ...(ordered && { ordered }) };

  const label = fallback.node(
    "Where",
    [
      isEmpty,
      fallback.constant("fallback", stringTensor(["fallback"], [])),
      fallback.constant("model", stringTensor([model.fragment.isImpersonal ? "fallback" : "model"], [])),
    ],
    { name: "label" },
  );
  const source = fallback.node("Squeeze", [label, fallback.constant("last", int64Tensor([1]))], {
    name: "source",
  });
  if (model.fragment.addsToBase !== true) {
    const scores = model.fragment.build(own, inputs);
    return { scores: fallback.node("Where", [isEmpty, popular, scores], { name: "scores" }), source };
  }
  const empty = fallback.node("Cast", [isEmpty], { name: "empty", attributes: { to: "float32" } });
  const base = fallback.node("Mul", [empty, popular], { name: "base" });
  return { scores: model.fragment.build(own, { ...inputs, history: { ...history, base } }), source };
}
