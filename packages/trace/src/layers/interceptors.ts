/**
 * The one list of layers that do not become what tfjs computes op by op. All others, custom ones included, need no
 * entry. The layer table of the docs is written from it.
 */
import { bidirectional } from "./bidirectional.ts";
import type { Interceptor } from "./define.ts";
import type { LayerCall, LayerOverride } from "./hook-layers.ts";
import { classNameOf } from "./layer.ts";
import { categoryEncoding, resizing } from "./preprocessing.ts";
import { recurrent } from "./recurrent.ts";
import { timeDistributed } from "./time-distributed.ts";

export const interceptors: readonly Interceptor[] = [
  recurrent,
  bidirectional,
  timeDistributed,
  categoryEncoding,
  resizing,
];

/**
 * One interception for the traces of one model: call the result once per trace. What loops over a length that is free
 * shows when a later trace has another length there, and is refused by name.
 */
export function createInterception(): () => LayerOverride {
  const lengths = new Map<string, number>();
  return () => {
    const calls = new Map<string, number>();

    function noteUnrolled({ layer, session }: LayerCall, length: number, reason: string): void {
      const path = session.recorder.path.join("/");
      const count = (calls.get(path) ?? 0) + 1;
      calls.set(path, count);
      const before = lengths.get(`${path} ${count}`) ?? length;
      lengths.set(`${path} ${count}`, before);
      if (before === length) return;
      const advice = "its steps are traced one by one, so give the model's time axis a fixed size (`dims`)";
      session.refuse(layer.getClassName(), `${reason}; ${advice}`);
    }

    return (call) => {
      const note = (length: number, reason: string) => noteUnrolled(call, length, reason);
      const name = classNameOf(call.layer);
      const entry = interceptors.find(({ layers }) => layers.some((layer) => layer === name));
      if (entry !== undefined) return entry.trace(call, note);
      const length = loopLength(call);
      if (length !== undefined) note(length, `${call.layer.getClassName()} has no ONNX op`);
      return undefined;
    };
  };
}

/** Steps of a layer that loops over time: ConvLSTM2D and user's own kinds of RNN, which hold a cell. */
function loopLength({ layer, inputs }: LayerCall): number | undefined {
  const x = Array.isArray(inputs) ? inputs[0] : inputs;
  return Reflect.get(layer, "cell") !== undefined ? x?.shape[1] : undefined;
}
