/** Watches the layers of a model while it is traced, and leaves them as they were. */
import { AttuneError, isAttuneError } from "@attune/contracts";
import { dispose, Tensor } from "@tensorflow/tfjs-core";
import type { TraceSession } from "../backend/trace-session.ts";
import type { Kwargs, Layer } from "./layer.ts";

export type Tensors = Tensor | Tensor[];

export interface LayerCall {
  readonly layer: Layer;
  readonly inputs: Tensors;
  readonly kwargs: Kwargs;
  readonly session: TraceSession;
}

/** Computes a layer in another way than tfjs; `undefined` leaves it to tfjs. */
export type LayerOverride = (call: LayerCall) => Tensors | undefined;

export interface HookOptions {
  readonly session: TraceSession;
  /** Name of the model, for errors. */
  readonly what: string;
  readonly override: LayerOverride;
}

/**
 * Runs `body` while each layer's name is on the recorder's path whenever the layer computes.
 *
 * @throws {AttuneError} `TRACE_UNSUPPORTED` naming the layer, when tfjs or a custom layer throws.
 */
export function withHookedLayers<Result>(
  layers: readonly Layer[],
  options: HookOptions,
  body: () => Result,
): Result {
  const restore = layers.map(keepProperties);
  try {
    for (const layer of layers) hookLayer(layer, options);
    return body();
  } finally {
    for (const undo of restore) undo();
  }
}

/** Undoes what tracing changes: the hooks, and tensors of the trace that layers keep (dropout masks of cells). */
function keepProperties(layer: Layer): () => void {
  const before = new Map(Object.entries(layer));
  return () => {
    for (const [name, value] of Object.entries(layer)) {
      if (value === before.get(name)) continue;
      const tensors: unknown[] = Array.isArray(value) ? value : [value];
      dispose(tensors.filter((part) => part instanceof Tensor));
      if (before.has(name)) Reflect.set(layer, name, before.get(name));
      else Reflect.deleteProperty(layer, name);
    }
  };
}

function hookLayer(layer: Layer, { session, what, override }: HookOptions): void {
  const { call, computeMask } = layer;
  const { path } = session.recorder;

  function inside<Result>(run: () => Result): Result {
    path.push(layer.name);
    try {
      return run();
    } catch (cause) {
      if (isAttuneError(cause)) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      const issues = [...session.issues, `layer "${path.join("/")}": ${reason}`];
      throw new AttuneError("TRACE_UNSUPPORTED", { what, issues }, { cause });
    } finally {
      path.pop();
    }
  }

  layer.call = (inputs, kwargs) =>
    inside(() => override({ layer, inputs, kwargs, session }) ?? call.call(layer, inputs, kwargs));
  layer.computeMask = (inputs, mask) => inside(() => computeMask.call(layer, inputs, mask));
}
