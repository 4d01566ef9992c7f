/** Bidirectional of one LSTM, GRU or SimpleRNN → one ONNX op that runs both ways. */
import * as tf from "@tensorflow/tfjs-core";
import type { TraceSession } from "../backend/trace-session.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import type { Interceptor } from "./define.ts";
import type { Layer } from "./layer.ts";
import { isRecurrent, type RecurrentLayer, readArguments } from "./recurrent.ts";
import { listCells, readCell, whyNoOp } from "./recurrent-cell.ts";
import { runCells } from "./run-cells.ts";

interface BidirectionalLayer extends Layer {
  readonly forwardLayer: RecurrentLayer;
  readonly backwardLayer: RecurrentLayer;
  readonly mergeMode: "concat" | "sum" | "ave" | "mul" | null;
  readonly returnSequences: boolean;
  readonly returnState: boolean;
}

export const bidirectional: Interceptor = {
  layers: ["Bidirectional"],
  emits: ["LSTM", "GRU", "RNN"],
  note: "One op with direction bidirectional; with a mask, stacked cells or goBackwards two ops.",
  trace({ layer, inputs, kwargs, session }) {
    const wrapper = layer as BidirectionalLayer;
    const { forwardLayer, backwardLayer } = wrapper;
    const given = readArguments(inputs, kwargs);
    const isPlain =
      given !== undefined &&
      given.mask === undefined &&
      [forwardLayer, backwardLayer].every(isOneCell) &&
      !forwardLayer.goBackwards &&
      backwardLayer.goBackwards;
    // tfjs calls the two layers, and each becomes an op by itself.
    if (!isPlain) return undefined;
    const half = given.initial.length / 2;
    const { sequence, states } = runCells({
      session,
      cells: [readCell(forwardLayer.cell), readCell(backwardLayer.cell)],
      x: session.graph.transpose(session.valueOf(given.x), [1, 0, 2]),
      isReverse: false,
      initial: [given.initial.slice(0, half), given.initial.slice(half)],
    });
    const output = wrapper.returnSequences
      ? mergeSequences(session, sequence, wrapper)
      : merge(directions(session, states[0] as TracedValue, 0), wrapper);
    if (!wrapper.returnState) return output.length === 1 ? (output[0] as tf.Tensor) : output;
    const byState = states.map((state) => directions(session, state, 0));
    const last = [0, 1].flatMap((direction) => byState.map((parts) => parts[direction] as tf.Tensor));
    return [...output, ...last];
  },
};

function isOneCell(layer: RecurrentLayer): boolean {
  return (
    isRecurrent(layer) &&
    !layer.stateful &&
    listCells(layer.cell).length === 1 &&
    listCells(layer.cell).every((cell) => whyNoOp(cell) === undefined)
  );
}

/** The parts of a value along its axis of two directions. */
function directions({ graph, toTensor }: TraceSession, value: TracedValue, axis: number): tf.Tensor[] {
  return [0, 1].map((at) => toTensor(graph.node("Gather", [value, graph.scalar(at, "int64")], { axis })));
}

/** `[length, 2, batch, units]` → `[batch, length, …]` */
function mergeSequences(session: TraceSession, y: TracedValue, layer: BidirectionalLayer): tf.Tensor[] {
  const { graph, toTensor } = session;
  if (layer.mergeMode === "concat") {
    const joined = graph.node("Reshape", [graph.transpose(y, [2, 0, 1, 3]), graph.ints([0, 0, -1])]);
    return [toTensor(joined)];
  }
  return merge(directions(session, y, 1), layer).map((part) => tf.transpose(part, [1, 0, 2]));
}

function merge([forward, backward]: readonly tf.Tensor[], { mergeMode }: BidirectionalLayer): tf.Tensor[] {
  const [a, b] = [forward as tf.Tensor, backward as tf.Tensor];
  switch (mergeMode) {
    case "concat":
      return [tf.concat([a, b], -1)];
    case "sum":
      return [tf.add(a, b)];
    case "ave":
      return [tf.mul(0.5, tf.add(a, b))];
    case "mul":
      return [tf.mul(a, b)];
    default:
      return [a, b];
  }
}
