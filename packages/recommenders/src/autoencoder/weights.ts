/** The autoencoder's weights: their shapes, their seeded start, and how they are saved. */
import type { Tensor } from "@attune/contracts";
import type { Random } from "@attune/numeric";
import type { Tensors } from "@attune/train";

export interface AutoencoderWeights {
  readonly itemCount: number;
  readonly hidden: number;
  /** `[items, hidden]` */
  readonly encoder: Float32Array;
  /** `[hidden]` */
  readonly encoderBias: Float32Array;
  /** `[hidden, items]` */
  readonly decoder: Float32Array;
  /** `[items]` */
  readonly decoderBias: Float32Array;
}

/** Glorot uniform weights, zero biases. @see Glorot & Bengio 2010 */
export function initializeWeights(itemCount: number, hidden: number, random: Random): AutoencoderWeights {
  const limit = Math.sqrt(6 / (itemCount + hidden));
  const draw = (label: string) => {
    const stream = random.fork(label);
    return Float32Array.from({ length: itemCount * hidden }, () => (2 * stream.uniform() - 1) * limit);
  };
  return {
    itemCount,
    hidden,
    encoder: draw("encoder"),
    encoderBias: new Float32Array(hidden),
    decoder: draw("decoder"),
    decoderBias: new Float32Array(itemCount),
  };
}

export function weightTensors(weights: AutoencoderWeights): Tensors {
  const { itemCount, hidden } = weights;
  return {
    encoder: { dtype: "float32", dims: [itemCount, hidden], data: weights.encoder },
    encoderBias: { dtype: "float32", dims: [hidden], data: weights.encoderBias },
    decoder: { dtype: "float32", dims: [hidden, itemCount], data: weights.decoder },
    decoderBias: { dtype: "float32", dims: [itemCount], data: weights.decoderBias },
  };
}

export function weightsFromTensors(tensors: Tensors): AutoencoderWeights {
  const read = (name: string) => tensors[name] as Tensor<"float32">;
  const encoder = read("encoder");
  const [itemCount = 0, hidden = 0] = encoder.dims;
  return {
    itemCount,
    hidden,
    encoder: encoder.data,
    encoderBias: read("encoderBias").data,
    decoder: read("decoder").data,
    decoderBias: read("decoderBias").data,
  };
}
