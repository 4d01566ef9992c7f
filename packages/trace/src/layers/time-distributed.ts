/** TimeDistributed → its inner layer once, over all steps of all rows. */
import * as tf from "@tensorflow/tfjs-core";
import type { Interceptor } from "./define.ts";
import { classNameOf, type Layer, listLayers } from "./layer.ts";

/** Layers that treat each row of a batch by itself, whatever their options say; nested models are looked into. */
const rowWise = new Set([
  ...["InputLayer", "Dense", "Activation", "Dropout", "SpatialDropout1D", "Flatten", "RepeatVector"],
  ...["Reshape", "Permute", "Embedding", "ReLU", "LeakyReLU", "PReLU", "ELU", "ThresholdedReLU"],
  ...["Conv1D", "Conv2D", "Conv2DTranspose", "Conv3D", "Conv3DTranspose", "DepthwiseConv2D"],
  ...["SeparableConv2D", "Cropping2D", "UpSampling2D", "ZeroPadding2D", "GaussianNoise", "GaussianDropout"],
  ...["AlphaDropout", "Add", "Multiply", "Average", "Maximum", "Minimum", "Rescaling"],
  ...["AveragePooling1D", "AveragePooling2D", "AveragePooling3D", "MaxPooling1D", "MaxPooling2D"],
  ...["MaxPooling3D", "GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalMaxPooling1D"],
  ...["GlobalMaxPooling2D", "Model", "Functional", "Sequential", "TimeDistributed", "Masking"],
  ...["LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional", "ConvLSTM2D", "StackedRNNCells"],
  ...["LSTMCell", "GRUCell", "SimpleRNNCell", "ConvLSTM2DCell"],
]);

/** Those whose `axis` decides: rows stay apart unless it is that of the batch. */
const byAxis = new Set(["Softmax", "BatchNormalization", "LayerNormalization", "Concatenate"]);

export const timeDistributed: Interceptor = {
  layers: ["TimeDistributed"],
  emits: ["Reshape"],
  note: "The inner layer runs once over all steps; custom inner layers unroll over a fixed length.",
  trace({ layer, inputs, kwargs }, unrolled) {
    const inner: unknown = Reflect.get(layer, "layer");
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    if (x === undefined || x.rank < 3) return undefined;
    const [batch = 0, length = 0, ...rest] = x.shape;
    const apart = listLayers(inner as Layer).filter((part) => !isRowWise(part));
    // tfjs hands both on to every step as they are.
    const isPlain = [kwargs.mask, kwargs.initialState].every(
      (value) => value === undefined || value === null,
    );
    if (apart.length > 0 || !isPlain) {
      const names = apart.map((part) => `"${part.name}"`).join(", ");
      unrolled(length, apart.length > 0 ? `${names} may mix the rows of a batch` : "it got a mask");
      return undefined;
    }
    const y = (inner as Layer).call(tf.reshape(x, [batch * length, ...rest]), kwargs);
    const [only] = Array.isArray(y) ? y : [y];
    if (only === undefined || (Array.isArray(y) && y.length !== 1)) return undefined;
    return tf.reshape(only, [batch, length, ...only.shape.slice(1)]);
  },
};

function isRowWise(layer: Layer): boolean {
  const name = classNameOf(layer) ?? "";
  if (rowWise.has(name)) return Reflect.get(layer, "stateful") !== true;
  const axis: unknown = Reflect.get(layer, "axis");
  return byAxis.has(name) && [axis].flat().every((at) => typeof at === "number" && at !== 0);
}
