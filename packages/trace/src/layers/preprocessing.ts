/** Preprocessing layers whose own code a trace, or a model, cannot run. */
import * as tf from "@tensorflow/tfjs-core";
import type { Interceptor } from "./define.ts";

export const categoryEncoding: Interceptor = {
  layers: ["CategoryEncoding"],
  emits: ["OneHot", "ReduceSum", "ReduceMax"],
  note: "tfjs throws for an id outside 0 … numTokens − 1; the graph does not count it.",
  trace({ layer, inputs, kwargs, session }) {
    const [given] = Array.isArray(inputs) ? inputs : [inputs];
    const { outputMode, numTokens } = layer as typeof layer & { outputMode: string; numTokens: number };
    if (given === undefined) return undefined;
    const ids = tf.cast(given, "int32");
    if (outputMode === "int") return ids;
    const x = outputMode === "oneHot" && ids.shape.at(-1) !== 1 ? tf.expandDims(ids, -1) : ids;
    const isKnown = ["multiHot", "oneHot", "count"].includes(outputMode) && x.rank > 0 && x.rank <= 2;
    if (!isKnown || kwargs.countWeights !== undefined) {
      session.refuse(
        layer.getClassName(),
        `outputMode ${outputMode} of ids of shape [${ids.shape.join(", ")}]; use multiHot, count or oneHot of up to 2 axes, without countWeights`,
      );
      return tf.zeros([...ids.shape.slice(0, -1), numTokens]);
    }
    return tf.denseBincount(x as tf.Tensor2D, [], numTokens, outputMode !== "count");
  },
};

export const resizing: Interceptor = {
  layers: ["Resizing"],
  emits: ["Resize"],
  note: "tfjs's own predict fails on it; the graph computes what the layer gives for a tensor.",
  trace({ layer, inputs, kwargs }) {
    const [x] = Array.isArray(inputs) ? inputs : [inputs];
    // It hands the list that a model gives it to tf.image as it is.
    return x && (Object.getPrototypeOf(layer) as typeof layer).call.call(layer, x, kwargs);
  },
};
