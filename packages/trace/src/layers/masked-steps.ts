/** A masked sequence without its masked steps: what tfjs's masked RNN computes, as ONNX can. */
import { int32Tensor } from "@attune/onnx";
import type * as tf from "@tensorflow/tfjs-core";
import type { TraceSession } from "../backend/trace-session.ts";
import type { TracedValue } from "../recorder/traced-value.ts";

export interface MaskedSteps {
  /** `[batch, length, in]` → the same with the steps that count in front, in their order. */
  compact(x: TracedValue): TracedValue;
  /** `[batch]`, int32: how many steps count, but at least 1 (the ops take no 0). */
  readonly lengths: TracedValue;
  /**
   * `[batch, length, units]` of compacted steps → of all steps: a masked step repeats the output before it, or `initial`
   * (`[batch, units]`, or one number) where there is none.
   */
  spread(outputs: TracedValue, initial: TracedValue): TracedValue;
  /** `[batch, units]`, or `initial` in rows where every step is masked. */
  last(state: TracedValue, initial: TracedValue): TracedValue;
}

/** Above any length, and such that it and all numbers below are exact in float32. */
const beyond = 2 ** 23;

/**
 * In tfjs a masked step leaves output and state as they were. So the steps that count, moved together, give the same
 * states, and each step's output is that of the last step that counted.
 *
 * @param mask - `[batch, length]`, bool; any pattern.
 */
export function maskSteps({ graph, recorder }: TraceSession, mask: TracedValue): MaskedSteps {
  const [, length = 0] = mask.dims;
  const isStep = graph.cast(mask, "int32");
  // How many steps counted up to and with this one.
  const done = graph.node("CumSum", [isStep, graph.scalar(1, "int32")]);
  const count = graph.node("ReduceSum", [isStep, graph.ints([1])], { keepdims: 0 });
  const one = graph.scalar(1, "int32");
  const zero = graph.scalar(0, "int32");

  /** Steps that count first, each kind in its order: the largest of `beyond − t` and `−t` come first. */
  function order(): TracedValue {
    const steps = Int32Array.from({ length }, (_, step) => step);
    const range = recorder.constant(int32Tensor(steps, [length]), "steps", "the mask");
    const rank = graph.node("Sub", [
      graph.node("Mul", [graph.cast(isStep, "float32"), graph.scalar(beyond)]),
      graph.cast(range, "float32"),
    ]);
    const [, indices] = graph.nodes("TopK", [rank, graph.ints([length])], 2, { axis: 1 });
    return indices as TracedValue;
  }

  function pick(x: TracedValue, indices: TracedValue): TracedValue {
    const rows = graph.node("Unsqueeze", [graph.cast(indices, "int64"), graph.ints([2])]);
    return graph.node("GatherND", [x, rows], { batch_dims: 1 });
  }

  return {
    compact: (x) => pick(x, order()),
    lengths: graph.node("Max", [count, one]),
    spread(outputs, initial) {
      const index = graph.node("Max", [graph.node("Sub", [done, one]), zero]);
      const none = graph.node("Unsqueeze", [graph.node("Equal", [done, zero]), graph.ints([2])]);
      const row = initial.dims.length === 0 ? initial : graph.node("Unsqueeze", [initial, graph.ints([1])]);
      return graph.node("Where", [none, row, pick(outputs, index)]);
    },
    last(state, initial) {
      const none = graph.node("Unsqueeze", [graph.node("Equal", [count, zero]), graph.ints([1])]);
      return graph.node("Where", [none, initial, state]);
    },
  };
}

/** `[batch, length]`, bool; `undefined` for a mask of another form, which tfjs broadcasts in its own way. */
export function readMask(session: TraceSession, mask: tf.Tensor, x: tf.Tensor): TracedValue | undefined {
  const value = session.graph.cast(session.valueOf(mask), "bool");
  const flat =
    value.dims.length === 3 && value.dims[2] === 1
      ? session.graph.node("Squeeze", [value, session.graph.ints([2])])
      : value;
  const fits = flat.dims.length === 2 && flat.dims[0] === x.shape[0] && flat.dims[1] === x.shape[1];
  return fits ? flat : undefined;
}
