import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { callModel } from "./call-model.ts";
import { withLayerNoise } from "./layer-noise.ts";
import type { Noise } from "./noise.ts";

beforeAll(async () => {
  tf.env().set("PROD", true);
  await tf.setBackend("cpu");
});

afterEach(() => {
  tf.disposeVariables();
});

/** Gives known numbers, and counts what it was asked for. */
function createKnownNoise(): { noise: Noise; asked: string[] } {
  const asked: string[] = [];
  const give = (kind: string) => (shape: readonly number[]) => {
    asked.push(`${kind} ${shape.join("×")}`);
    const size = shape.reduce((product, dim) => product * dim, 1);
    return tf.tensor(
      Array.from({ length: size }, (_, at) => ((at * 7 + 3) % 10) / 10),
      [...shape],
    );
  };
  return { noise: { uniform: give("uniform"), normal: give("normal") }, asked };
}

const { layers } = tfl;
/** A recurrent layer's own initializers are random, and the orthogonal one needs chained ops. */
const seeded = {
  kernelInitializer: tfl.initializers.glorotUniform({ seed: 1 }),
  recurrentInitializer: tfl.initializers.glorotUniform({ seed: 2 }),
};
const dropouts = { dropout: 0.4, recurrentDropout: 0.3 };

/** A layer of the user's that holds a layer of tfjs. */
class Holder extends tfl.layers.Layer {
  static readonly className = "Holder";
  readonly inner = layers.dropout({ rate: 0.4 });
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean }) {
    return this.inner.apply(inputs, { training: kwargs.training }) as tf.Tensor;
  }
}

interface Case {
  readonly create: () => tfl.layers.Layer;
  readonly dims: readonly number[];
  readonly asks: readonly string[];
  /** What comes of the input and the known noise, one number each. */
  readonly expected?: (x: number, noise: number) => number;
}

const kept = (noise: number) => noise >= 0.4;
const alpha = -1.6732632423543772 * 1.0507009873554805;
const scale = (0.6 * (1 + 0.4 * alpha ** 2)) ** -0.5;

/** Every layer of tfjs that is random in training. */
const cases: Readonly<Record<string, Case>> = {
  dropout: {
    create: () => layers.dropout({ rate: 0.4 }),
    dims: [2, 5],
    asks: ["uniform 2×5"],
    expected: (x, noise) => (kept(noise) ? x / 0.6 : 0),
  },
  "dropout with a shape of noise": {
    create: () => layers.dropout({ rate: 0.4, noiseShape: [null as never, 1] }),
    dims: [3, 4],
    asks: ["uniform 3×1"],
  },
  spatialDropout1d: {
    create: () => layers.spatialDropout1d({ rate: 0.4 }),
    dims: [2, 3, 5],
    asks: ["uniform 2×1×5"],
  },
  gaussianNoise: {
    create: () => layers.gaussianNoise({ stddev: 0.5 }),
    dims: [2, 5],
    asks: ["normal 2×5"],
    expected: (x, noise) => x + noise / 2,
  },
  gaussianDropout: {
    create: () => layers.gaussianDropout({ rate: 0.2 }),
    dims: [2, 5],
    asks: ["normal 2×5"],
    expected: (x, noise) => x * (1 + noise / 2),
  },
  alphaDropout: {
    create: () => layers.alphaDropout({ rate: 0.4 }),
    dims: [2, 5],
    asks: ["uniform 2×5"],
    expected: (x, noise) => scale * (kept(noise) ? x : alpha) - scale * alpha * 0.4,
  },
  simpleRNN: {
    create: () => layers.simpleRNN({ units: 3, ...seeded, ...dropouts }),
    dims: [2, 4, 5],
    asks: ["uniform 2×5", "uniform 2×3"],
  },
  lstm: {
    create: () => layers.lstm({ units: 3, ...seeded, ...dropouts }),
    dims: [2, 4, 5],
    asks: [...Array(4).fill("uniform 2×5"), ...Array(4).fill("uniform 2×3")],
  },
  gru: {
    create: () => layers.gru({ units: 3, ...seeded, ...dropouts }),
    dims: [2, 4, 5],
    asks: [...Array(3).fill("uniform 2×5"), ...Array(3).fill("uniform 2×3")],
  },
  convLstm2d: {
    create: () => layers.convLstm2d({ filters: 2, kernelSize: 3, padding: "same", ...seeded, ...dropouts }),
    dims: [1, 2, 3, 3, 1],
    asks: [...Array(4).fill("uniform 1×3×3×1"), ...Array(4).fill("uniform 1×3×3×2")],
  },
  "a wrapped layer": {
    create: () => layers.timeDistributed({ layer: layers.dropout({ rate: 0.4 }) }),
    dims: [2, 3, 4],
    asks: Array(3).fill("uniform 2×4"),
  },
  "a layer that a layer of one's own holds": {
    create: () => new Holder(),
    dims: [2, 5],
    asks: ["uniform 2×5"],
  },
};

describe.each(Object.keys(cases))("%s", (name) => {
  const { create, dims, asks, expected } = cases[name]!;
  const size = dims.reduce((product, dim) => product * dim, 1);
  const values = Array.from({ length: size }, (_, at) => Math.sin(at + 1));

  test("draws what it needs from the given noise, in training only, and is as before afterwards", () => {
    const layer = create();
    const input = tf.tensor(values, [...dims]);
    layer.apply(input);
    const properties = Object.keys(layer);
    const { noise, asked } = createKnownNoise();
    const call = (training: boolean) =>
      tf.tidy(() => (layer.apply(input, { training }) as tf.Tensor).dataSync());
    const quiet = withLayerNoise(layer, noise, () => call(false));
    // From here: the first call of all left a cell's masks, which tfjs keeps.
    const before = tf.memory().numTensors;
    expect(asked).toEqual([]);
    const noisy = withLayerNoise(layer, noise, () => call(true));
    expect(asked).toEqual(asks);
    expect(noisy).not.toEqual(quiet);
    expect(withLayerNoise(layer, noise, () => call(true))).toEqual(noisy);
    expect(tf.memory().numTensors).toBe(before);
    expect(Object.keys(layer)).toEqual(properties);
    if (expected === undefined) return;
    for (const [at, value] of noisy.entries()) {
      expect(value).toBeCloseTo(expected(values[at]!, ((at * 7 + 3) % 10) / 10), 5);
    }
  });
});

test("rates of 0 and 1 draw nothing", () => {
  const { noise, asked } = createKnownNoise();
  for (const rate of [0, 1]) {
    for (const layer of [
      layers.dropout({ rate }),
      layers.alphaDropout({ rate }),
      layers.gaussianDropout({ rate }),
    ]) {
      withLayerNoise(layer, noise, () => layer.apply(tf.ones([2, 2]), { training: true }));
    }
  }
  expect(asked).toEqual([]);
});

test("a model's own mask does not outlive a call: nested models, again and again", () => {
  const inner = tfl.sequential({
    layers: [
      layers.embedding({
        inputDim: 5,
        outputDim: 3,
        maskZero: true,
        inputLength: 4,
        embeddingsInitializer: "ones",
      }),
      layers.simpleRNN({ units: 2, kernelInitializer: "ones", recurrentInitializer: "zeros", dropout: 0.4 }),
    ],
  });
  const model = tfl.sequential({ layers: [inner, layers.dropout({ rate: 0.4 })] });
  const call = (ids: number[][], noise?: Noise) =>
    tf.tidy(() => Array.from(callModel(model, [tf.tensor2d(ids)], noise)[0]!.dataSync()));
  const alone = call([[0, 0, 1, 2]]);
  call([[1, 2, 3, 4]]);
  expect(call([[0, 0, 1, 2]])).toEqual(alone);
  expect(alone).toEqual(Array.from((model.predict(tf.tensor2d([[0, 0, 1, 2]])) as tf.Tensor).dataSync()));
  const { noise, asked } = createKnownNoise();
  expect(call([[0, 0, 1, 2]], noise)).not.toEqual(alone);
  expect(asked).toEqual(["uniform 1×3", "uniform 1×2"]);
});
