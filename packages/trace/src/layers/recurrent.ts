/** LSTM, GRU, SimpleRNN and RNN of their cells → ONNX's ops. */
import * as tf from "@tensorflow/tfjs-core";
import type { TraceSession } from "../backend/trace-session.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import type { Interceptor } from "./define.ts";
import type { Tensors } from "./hook-layers.ts";
import { classNameOf, type Kwargs, type Layer } from "./layer.ts";
import { type MaskedSteps, maskSteps, readMask } from "./masked-steps.ts";
import { cellActivations, listCells, type RecurrentCell, readCell, whyNoOp } from "./recurrent-cell.ts";
import { runCells } from "./run-cells.ts";

/** The parts of tfjs's RNN that decide what it computes. */
export interface RecurrentLayer extends Layer {
  readonly cell: Layer;
  readonly returnSequences: boolean;
  readonly returnState: boolean;
  readonly goBackwards: boolean;
  readonly stateful: boolean;
}

export const recurrentClasses: readonly string[] = ["LSTM", "GRU", "SimpleRNN", "RNN"];

const statefulReason =
  "stateful: true keeps its states from call to call, which a graph cannot; build the layer with stateful: false, initialState as an input and returnState: true";

export const recurrent: Interceptor = {
  layers: recurrentClasses,
  emits: ["LSTM", "GRU", "RNN"],
  note:
    "Activations other than " +
    `${cellActivations.join(", ")} unroll over a fixed length. Any mask. Not stateful.`,
  trace(call, unrolled) {
    const layer = call.layer as RecurrentLayer;
    const given = readArguments(call.inputs, call.kwargs);
    if (given === undefined) return undefined;
    if (layer.stateful) {
      call.session.refuse(layer.getClassName(), statefulReason);
      // So that the rest is traced without touching the layer's states; given back after the trace.
      Reflect.set(layer, "_stateful", false);
    }
    const cells = listCells(layer.cell);
    const reason = cells.map(whyNoOp).find((why) => why !== undefined);
    if (reason !== undefined) {
      unrolled(given.x.shape[1] ?? 0, reason);
      return undefined;
    }
    return runLayer(call.session, layer, cells.map(readCell), given);
  },
};

export interface RecurrentArguments {
  /** `[batch, length, in]` */
  readonly x: tf.Tensor3D;
  readonly mask: tf.Tensor | undefined;
  /** In tfjs's order: of a stack, the last cell's first. */
  readonly initial: readonly tf.Tensor[];
}

/** `undefined` for arguments that tfjs itself refuses. */
export function readArguments(inputs: Tensors, kwargs: Kwargs): RecurrentArguments | undefined {
  const list = Array.isArray(inputs) ? inputs : [inputs];
  const [x] = list;
  const { mask, initialState } = kwargs;
  if (list.length !== 1 || x === undefined || x.rank !== 3) return undefined;
  const initial: unknown[] = Array.isArray(initialState) ? initialState : [];
  if (!initial.every((state) => state instanceof tf.Tensor)) return undefined;
  if (mask !== undefined && mask !== null && !(mask instanceof tf.Tensor)) return undefined;
  return { x: tf.cast(x as tf.Tensor3D, "float32"), mask: mask ?? undefined, initial };
}

function runLayer(
  session: TraceSession,
  layer: RecurrentLayer,
  cells: readonly RecurrentCell[],
  { x, mask, initial }: RecurrentArguments,
): Tensors | undefined {
  const { graph } = session;
  const flags = mask && readMask(session, layer.goBackwards ? tf.reverse(mask, 1) : mask, x);
  if (mask !== undefined && flags === undefined) return undefined;
  // With a mask the steps are put in order first; without, the op itself can run backwards.
  const steps = flags && maskSteps(session, flags);
  const ordered = session.valueOf(steps && layer.goBackwards ? tf.reverse(x, 1) : x);
  const isReverse = steps === undefined && layer.goBackwards;
  const states = initialByCell(cells, initial);
  let sequence = graph.transpose(steps?.compact(ordered) ?? ordered, [1, 0, 2]);
  const last: TracedValue[][] = [];
  for (const [at, cell] of cells.entries()) {
    const result = runCells({
      session,
      cells: [cell],
      x: sequence,
      isReverse,
      initial: [states[at] ?? []],
      ...(steps && { lengths: steps.lengths }),
    });
    sequence = graph.node("Squeeze", [result.sequence, graph.ints([1])]);
    last.push(result.states.map((state) => graph.node("Squeeze", [state, graph.ints([0])])));
  }
  const initialValues = states.map((own, at) =>
    (last[at] ?? []).map((_, index) => {
      const state = own[index];
      return state === undefined ? graph.scalar(0) : session.valueOf(state);
    }),
  );
  return finish(session, layer, { sequence, last, initial: initialValues, steps, isReverse });
}

interface Finished {
  readonly sequence: TracedValue;
  readonly last: readonly (readonly TracedValue[])[];
  readonly initial: readonly (readonly TracedValue[])[];
  readonly steps: MaskedSteps | undefined;
  readonly isReverse: boolean;
}

/** What tfjs's layer returns: the sequence or the last output, and the states of all cells, the last cell's first. */
function finish(
  session: TraceSession,
  layer: RecurrentLayer,
  { sequence, last, initial, steps, isReverse }: Finished,
): Tensors {
  const states = last
    .map((own, at) => own.map((state, index) => steps?.last(state, initial[at]?.[index] ?? state) ?? state))
    .toReversed()
    .flat()
    .map((state) => session.toTensor(state));
  let output = states[0] as tf.Tensor;
  if (layer.returnSequences) {
    const batchFirst = session.graph.transpose(sequence, [1, 0, 2]);
    const first = initial.at(-1)?.[0] ?? batchFirst;
    output = session.toTensor(steps?.spread(batchFirst, first) ?? batchFirst);
    if (isReverse) output = tf.reverse(output, 1);
  }
  return layer.returnState ? [output, ...states] : output;
}

/** tfjs lists the states of a stack from the last cell to the first. */
function initialByCell(cells: readonly RecurrentCell[], initial: readonly tf.Tensor[]): tf.Tensor[][] {
  let end = 0;
  const parts = cells.toReversed().map(({ op }) => {
    const start = end;
    end += op === "LSTM" ? 2 : 1;
    return initial.slice(start, end);
  });
  return parts.reverse();
}

/** Whether the layer is a plain RNN of cells that have an op. */
export function isRecurrent(layer: Layer): layer is RecurrentLayer {
  return recurrentClasses.includes(classNameOf(layer) ?? "");
}
