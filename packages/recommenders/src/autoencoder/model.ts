/** A fitted autoencoder: its graph, and the same scores in plain TypeScript. */
import type { RecommendFragment } from "@attune/features";
import { float32Tensor, int64Tensor } from "@attune/onnx";
import type { FittedModel, Tensors } from "@attune/train";
import type { AutoencoderConfig } from "./config.ts";
import { type AutoencoderWeights, weightsFromTensors } from "./weights.ts";

/** Shorter histories than this count as empty. */
const tinyNorm = 1e-12;

export function restoreAutoencoder(config: AutoencoderConfig, tensors: Tensors): FittedModel<"recommend"> {
  const weights = weightsFromTensors(tensors);
  return {
    kind: "autoencoder",
    description: `Denoising autoencoder: ${weights.hidden} tanh units, multinomial loss, ${config.epochs} epochs.`,
    hyperparameters: config,
    fragment: createAutoencoderFragment(weights),
    score: (items, historyWeights) => scoreByAutoencoder(weights, items, historyWeights),
    tensors: () => tensors,
  };
}

/** The first layer as an embedding bag: the history's rows of the encoder, weighted and summed. */
function createAutoencoderFragment(weights: AutoencoderWeights): RecommendFragment {
  const { itemCount, hidden } = weights;
  return {
    itemCount,
    bytes: 4 * (2 * itemCount * hidden + hidden + itemCount),
    build(graph, { history }) {
      const float = (name: string, data: Float32Array, ...dims: number[]) =>
        graph.constant(name, float32Tensor(data, dims));
      const lengthAxis = graph.constant("length_axis", int64Tensor([1]));
      const norm = graph.node("ReduceL2", [history.weight, lengthAxis], { name: "norm" });
      const tiny = float("tiny_norm", Float32Array.of(tinyNorm), 1, 1);
      const unit = graph.node("Div", [history.weight, graph.node("Max", [norm, tiny])], { name: "unit" });

      const encoder = float("encoder", weights.encoder, itemCount, hidden);
      const rows = graph.node("Gather", [encoder, history.index], { name: "rows" });
      const column = graph.node("Unsqueeze", [unit, graph.constant("last_axis", int64Tensor([-1]))]);
      const weighted = graph.node("Mul", [rows, column], { name: "weighted" });
      const bag = graph.node("ReduceSum", [weighted, lengthAxis], {
        attributes: { keepdims: 0 },
        name: "bag",
      });
      const bias = float("encoder_bias", weights.encoderBias, hidden);
      const code = graph.node("Tanh", [graph.node("Add", [bag, bias])], { name: "code" });
      const decoder = float("decoder", weights.decoder, hidden, itemCount);
      return graph.node("Gemm", [code, decoder, float("decoder_bias", weights.decoderBias, itemCount)], {
        name: "logits",
      });
    },
  };
}

/** In float64, rounded once at the end. */
function scoreByAutoencoder(
  weights: AutoencoderWeights,
  items: Int32Array,
  historyWeights: Float32Array,
): Float32Array {
  const { itemCount, hidden, encoder, decoder } = weights;
  let squared = 0;
  for (const weight of historyWeights) squared += weight * weight;
  const norm = Math.max(Math.sqrt(squared), tinyNorm);
  const code = Float64Array.from(weights.encoderBias);
  for (let h = 0; h < items.length; h++) {
    const start = items[h]! * hidden;
    const unit = historyWeights[h]! / norm;
    for (let d = 0; d < hidden; d++) code[d]! += unit * encoder[start + d]!;
  }
  const logits = Float64Array.from(weights.decoderBias);
  for (let d = 0; d < hidden; d++) {
    const activation = Math.tanh(code[d]!);
    for (let item = 0; item < itemCount; item++) logits[item]! += activation * decoder[d * itemCount + item]!;
  }
  return Float32Array.from(logits);
}
