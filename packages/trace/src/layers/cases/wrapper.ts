/** Layers around layers, and models inside models. */
import { input, layers, model, type SymbolicTensor, sequential } from "@tensorflow/tfjs-layers";
import {
  type AnyLayer,
  applyAll,
  applyLayer,
  float,
  int,
  type LayerCase,
  type LayerCases,
  layerCase,
} from "./layer-case.ts";
import { plain } from "./recurrent.ts";

const line = float([null, 3]);

/** tfjs's type asks for a class that it does not export. */
type Inner = Parameters<typeof layers.bidirectional>[0]["layer"];
type MergeMode = NonNullable<Parameters<typeof layers.bidirectional>[0]["mergeMode"]>;

const kinds = { lstm: layers.lstm, gru: layers.gru, simpleRNN: layers.simpleRNN };

function both(kind: keyof typeof kinds, mergeMode: MergeMode, options: object = {}): AnyLayer {
  const inner = kinds[kind]({ units: 2, ...plain, ...options });
  return layers.bidirectional({ layer: inner as Inner, mergeMode });
}

function inAllModes(kind: keyof typeof kinds): readonly LayerCase[] {
  return (["concat", "sum", "ave", "mul"] as const).flatMap((mode) => [
    layerCase(`${kind}, ${mode}`, line, () => both(kind, mode)),
    layerCase(`${kind}, ${mode}, sequences`, line, () => both(kind, mode, { returnSequences: true })),
  ]);
}

function several(name: string, create: () => AnyLayer): LayerCase {
  return { name, inputs: [line], build: ([x]) => applyAll(create(), x!) };
}

function bothMasked(name: string, options: object): LayerCase {
  return {
    name,
    inputs: [int([5], [1, 2, 0, 0, 3, 0, 0, 1, 2, 3, 4, 5, 0, 0, 0, 0, 0, 0, 0, 0])],
    build: ([x]) =>
      applyLayer(
        both("lstm", "concat", options),
        applyLayer(layers.embedding({ inputDim: 6, outputDim: 3, maskZero: true }), x!),
      ),
  };
}

const overTime = (layer: AnyLayer) => layers.timeDistributed({ layer });

/** A model inside a model, twice, with a model inside itself. */
function nested([a, b]: readonly SymbolicTensor[]): readonly SymbolicTensor[] {
  const encoder = sequential({
    name: "encoder",
    layers: [
      layers.dense({ units: 4, activation: "relu", inputShape: [3] }),
      layers.dense({ units: 2, activation: "tanh" }),
    ],
  });
  const left = input({ shape: [3], name: "left" });
  const right = input({ shape: [3], name: "right" });
  const pair = layers
    .concatenate()
    .apply([encoder.apply(left) as SymbolicTensor, encoder.apply(right) as SymbolicTensor]);
  const tower = model({ name: "tower", inputs: [left, right], outputs: pair as SymbolicTensor });
  const joined = tower.apply([a!, b!]) as SymbolicTensor;
  return [applyLayer(layers.dense({ units: 1, name: "score" }), joined), encoder.apply(a!) as SymbolicTensor];
}

export const wrapperCases: LayerCases = {
  bidirectional: [
    ...inAllModes("lstm"),
    ...inAllModes("gru"),
    ...inAllModes("simpleRNN"),
    several("no merge", () => both("gru", null as unknown as MergeMode)),
    several("no merge, sequences", () =>
      both("lstm", null as unknown as MergeMode, { returnSequences: true }),
    ),
    several("states", () => both("lstm", "concat", { returnState: true })),
    several("states, sequences", () => both("gru", "sum", { returnState: true, returnSequences: true })),
    layerCase("of a layer that goes backwards", line, () =>
      both("lstm", "concat", { goBackwards: true, returnSequences: true }),
    ),
    layerCase("unrolled for its activation", float([3, 2]), () =>
      both("lstm", "concat", { activation: "gelu", returnSequences: true }),
    ),
    {
      name: "initial states",
      inputs: [line, float([2]), float([2]), float([2]), float([2])],
      build: ([x, ...states]) => [
        applyLayer(both("lstm", "concat", { returnSequences: true }), [x as SymbolicTensor, ...states]),
      ],
    },
    bothMasked("mask", {}),
    bothMasked("mask, sequences", { returnSequences: true }),
  ],
  timeDistributed: [
    layerCase("dense", line, () => overTime(layers.dense({ units: 2, activation: "relu" }))),
    layerCase("convolution", float([3, 5, 4, 2]), () =>
      overTime(layers.conv2d({ filters: 2, kernelSize: 3 })),
    ),
    layerCase("batch normalization", line, () => overTime(layers.batchNormalization())),
    layerCase("pooling, a free length", float([null, 4, 2]), () =>
      overTime(layers.maxPooling1d({ poolSize: 2 })),
    ),
    layerCase("flatten", float([3, 2, 2]), () => overTime(layers.flatten())),
    layerCase("a model", float([null, 3]), () =>
      overTime(
        sequential({
          layers: [
            layers.dense({ units: 3, activation: "elu", inputShape: [3] }),
            layers.dense({ units: 2 }),
          ],
        }),
      ),
    ),
    layerCase("a recurrent layer", float([3, null, 2]), () => overTime(layers.gru({ units: 2, ...plain }))),
    layerCase("both ways over time, over time", float([null, 4, 2]), () =>
      overTime(both("lstm", "ave", { returnSequences: true })),
    ),
    layerCase("softmax", line, () => overTime(layers.softmax({ axis: -1 }))),
    {
      name: "behind a mask, step by step",
      inputs: [int([3], { low: 0, high: 3 })],
      build: ([x]) =>
        applyLayer(
          overTime(layers.dense({ units: 2 })),
          applyLayer(layers.embedding({ inputDim: 3, outputDim: 2, maskZero: true }), x!),
        ),
    },
  ],
  // A model is a layer too.
  model: [{ name: "models in models, one used twice", inputs: [float([3]), float([3])], build: nested }],
};
