/** Recurrent layers, their cells, masks and states. */
import * as tf from "@tensorflow/tfjs-core";
import { layers, type SymbolicTensor } from "@tensorflow/tfjs-layers";
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

export interface RecurrentOptions {
  units: number;
  returnSequences?: boolean;
  returnState?: boolean;
  goBackwards?: boolean;
  useBias?: boolean;
  activation?: "tanh";
  recurrentActivation?: "sigmoid";
  dropout?: number;
  recurrentDropout?: number;
  recurrentInitializer?: "glorotNormal";
}

type Factory = (options: RecurrentOptions) => AnyLayer;

// tfjs's orthogonal draw, the default, needs the chained ops of the full tfjs package; cases set all weights anyway.
export const plain = { recurrentInitializer: "glorotNormal" } as const;

const line = float([null, 3]);

/** Patterns of masked steps: none, left, right, between, all. */
const patterns = [
  ...[1, 2, 3, 4, 5, 6],
  ...[0, 0, 1, 2, 3, 4],
  ...[1, 2, 3, 0, 0, 0],
  ...[0, 1, 0, 0, 2, 0],
  ...[0, 0, 0, 0, 0, 0],
];

function masked(name: string, create: () => AnyLayer): LayerCase {
  return {
    name,
    inputs: [int([6], patterns)],
    build: ([x]) =>
      applyLayer(create(), applyLayer(layers.embedding({ inputDim: 7, outputDim: 3, maskZero: true }), x!)),
  };
}

/** The first states come from inputs. */
function withStates(name: string, stateCount: number, create: () => AnyLayer): LayerCase {
  return {
    name,
    inputs: [line, ...Array.from({ length: stateCount }, () => float([2]))],
    build: ([x, ...states]) => applyAll(create(), [x as SymbolicTensor, ...states]),
  };
}

/** @param stateCount - states of the layer: 2 of an LSTM, else 1. */
function recurrent(create: Factory, stateCount: number): readonly LayerCase[] {
  const make = (options: Partial<RecurrentOptions>) => () => create({ units: 2, ...plain, ...options });
  return [
    layerCase("last output", line, make({})),
    layerCase("sequences", line, make({ returnSequences: true })),
    layerCase("no bias", line, make({ useBias: false })),
    layerCase("backwards", line, make({ goBackwards: true })),
    layerCase("backwards, sequences", line, make({ goBackwards: true, returnSequences: true })),
    layerCase("dropout does nothing", line, make({ dropout: 0.5, recurrentDropout: 0.5 })),
    layerCase("one unit, one step", float([1, 1]), () => create({ units: 1, ...plain })),
    {
      name: "states",
      inputs: [line],
      build: ([x]) => applyAll(make({ returnState: true })(), x!),
    },
    {
      name: "sequences and states, backwards",
      inputs: [line],
      build: ([x]) => applyAll(make({ returnState: true, returnSequences: true, goBackwards: true })(), x!),
    },
    withStates("initial state", stateCount, make({ returnState: true, returnSequences: true })),
    ...["sigmoid", "relu", "linear", "elu", "softplus", "softsign", "hardSigmoid"].map((activation) =>
      layerCase(activation, line, make({ activation: activation as "tanh", recurrentActivation: "sigmoid" })),
    ),
    layerCase(
      "all activations take numbers",
      line,
      make({
        activation: "elu" as "tanh",
        recurrentActivation: "linear" as "sigmoid",
      }),
      { lengths: [1, 2, 3] },
    ),
    layerCase("unrolled for its activation", float([4, 3]), make({ activation: "swish" as "tanh" })),
    masked("mask, last output", make({})),
    masked("mask, sequences", make({ returnSequences: true })),
    masked("mask, backwards", make({ goBackwards: true })),
    masked("mask, backwards, sequences", make({ goBackwards: true, returnSequences: true })),
    masked(
      "mask, unrolled for its activation",
      make({ activation: "swish" as "tanh", returnSequences: true }),
    ),
    {
      name: "mask of a free length, and the states",
      inputs: [float([null, 2], [0, 0, 1, 2, 0, 0, 3, 1, 0, 0])],
      build: ([x]) =>
        applyAll(make({ returnState: true, returnSequences: true })(), applyLayer(layers.masking(), x!)),
    },
  ];
}

const lstmCell = (units: number, rest: object = {}) => layers.lstmCell({ units, ...plain, ...rest });
const gruCell = (units: number, rest: object = {}) => layers.gruCell({ units, ...plain, ...rest });
const simpleCell = (units: number, rest: object = {}) => layers.simpleRNNCell({ units, ...plain, ...rest });

/** A cell of the user's own: a running, leaking sum. */
class LeakyCell extends layers.RNNCell {
  static readonly className = "CaseLeakyCell";
  readonly stateSize: number;
  constructor(units: number) {
    super({});
    this.stateSize = units;
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor[] {
    const [x, state] = inputs as [tf.Tensor, tf.Tensor];
    const next = tf.add(tf.mul(state, 0.5), x);
    return [tf.relu(next), next];
  }
}

function stack(name: string, cells: () => layers.RNNCell[], options: object = {}): LayerCase {
  return layerCase(name, line, () => layers.rnn({ cell: cells(), ...options }));
}

const cellCases = (create: () => layers.RNNCell): readonly LayerCase[] => [
  layerCase("in an RNN", line, () => layers.rnn({ cell: create() })),
  layerCase("in an RNN, sequences, backwards", line, () =>
    layers.rnn({ cell: create(), returnSequences: true, goBackwards: true }),
  ),
];

const stackedCases: readonly LayerCase[] = [
  stack("two LSTM cells", () => [lstmCell(3), lstmCell(2)], { returnSequences: true }),
  stack("of each kind", () => [gruCell(3), simpleCell(4), lstmCell(2)]),
  stack("backwards, sequences", () => [gruCell(3), gruCell(2)], { returnSequences: true, goBackwards: true }),
  {
    name: "states, the last cell's first",
    inputs: [line],
    build: ([x]) => applyAll(layers.rnn({ cell: [lstmCell(3), gruCell(2)], returnState: true }), x!),
  },
  {
    name: "initial states",
    inputs: [line, float([2]), float([3]), float([3])],
    build: ([x, ...states]) =>
      applyAll(layers.rnn({ cell: [lstmCell(3), gruCell(2)], returnState: true }), [
        x as SymbolicTensor,
        ...states,
      ]),
  },
  masked("mask", () => layers.rnn({ cell: [gruCell(3), lstmCell(2)], returnSequences: true })),
  layerCase("one with another activation unrolls all", float([3, 2]), () =>
    layers.rnn({ cell: [gruCell(3), gruCell(2, { activation: "mish" })] }),
  ),
];

const clip = float([3, 5, 4, 2]);

function convLstm(name: string, options: object): LayerCase {
  return layerCase(name, clip, () => layers.convLstm2d({ filters: 2, kernelSize: 3, ...plain, ...options }));
}

export const recurrentCases: LayerCases = {
  lstm: recurrent((options) => layers.lstm(options), 2),
  gru: recurrent((options) => layers.gru(options), 1),
  simpleRNN: recurrent((options) => layers.simpleRNN(options), 1),
  lstmCell: cellCases(() => lstmCell(2)),
  gruCell: cellCases(() => gruCell(2)),
  simpleRNNCell: cellCases(() => simpleCell(2)),
  rnn: [
    ...cellCases(() => lstmCell(2, { useBias: false })),
    layerCase("a cell of the user's own", float([4, 3]), () =>
      layers.rnn({ cell: new LeakyCell(3), returnSequences: true }),
    ),
  ],
  RNN: [layerCase("the class itself", line, () => new layers.RNN({ cell: gruCell(2) }))],
  RNNCell: [layerCase("a subclass", float([4, 3]), () => new layers.RNN({ cell: new LeakyCell(3) }))],
  stackedRNNCells: [
    ...stackedCases,
    layerCase("as a cell", line, () =>
      layers.rnn({ cell: layers.stackedRNNCells({ cells: [gruCell(3), gruCell(2)] }) }),
    ),
  ],
  convLstm2d: [
    convLstm("last output", {}),
    convLstm("sequences, same, relu", { returnSequences: true, padding: "same", activation: "relu" }),
    convLstm("backwards, strides, no bias", {
      goBackwards: true,
      strides: 2,
      useBias: false,
      padding: "same",
    }),
  ],
  convLstm2dCell: [
    layerCase("by the layer that has it", clip, () =>
      layers.convLstm2d({ filters: 1, kernelSize: [2, 3], recurrentActivation: "sigmoid", ...plain }),
    ),
  ],
};
