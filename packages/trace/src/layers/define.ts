/** The form of one entry of the layer list. */
import type { LayerCall, Tensors } from "./hook-layers.ts";

/** To be called by an entry that lets tfjs loop over `length` steps, with the reason that it must. */
export type NoteUnrolled = (length: number, reason: string) => void;

/** Layers that are not traced op by op as tfjs computes them, because ONNX has a better form. */
export interface Interceptor {
  /** Class names, as tfjs saves them. */
  readonly layers: readonly string[];
  /** ONNX ops that stand for the layer. */
  readonly emits: readonly string[];
  /** What a user should know: a limit, a choice. */
  readonly note?: string;
  /** The layer's outputs, just what tfjs gives; `undefined` where tfjs's own code is to be traced. */
  trace(call: LayerCall, unrolled: NoteUnrolled): Tensors | undefined;
}
