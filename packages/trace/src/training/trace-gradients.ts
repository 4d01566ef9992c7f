/** A function and its derivatives → one graph. */
import { AttuneError } from "@attune/contracts";
import type { Model } from "@attune/onnx";
import * as tf from "@tensorflow/tfjs-core";
// Registers the gradients, which tfjs-core's Node build lacks.
import "@tensorflow/tfjs-layers";
import { type InputSpec, type Signature, shapeText, sizesOf } from "../signature.ts";
import { type TensorsByName, type TraceOptions, traceFunction } from "../trace-function.ts";

export interface TraceGradientsOptions extends TraceOptions {
  /** Inputs to differentiate by. Default: every float32 input. */
  readonly by?: readonly string[];
  /**
   * Declares an input `dy` with the shape of the function's result: the gradients are then those of `sum(dy · result)`.
   * Needed where the result is not one number.
   */
  readonly dy?: InputSpec;
}

const outputName = "output";
const dyName = "dy";

/** Name of the output that holds the gradient by an input. */
function gradientName(input: string): string {
  return `gradient/${input}`;
}

/**
 * Traces a function together with its gradients by some of its inputs, as tfjs differentiates it.
 *
 * @param fn - inputs by name → one tensor.
 * @returns a model with the outputs `output`, the function's value, and `gradient/<input>`, each of the input's shape.
 * @throws {AttuneError} `TRACE_LOSS` when the value is not one number and there is no `dy`, `TRACE_UNREACHED` with the
 * inputs that the value does not hang on, `TRACE_SIGNATURE`, and what `traceFunction` throws.
 */
export function traceGradients(
  fn: (inputs: TensorsByName) => tf.Tensor,
  signature: Signature,
  options: TraceGradientsOptions = {},
): Model {
  const { by = floatInputs(signature), dy, name: what = fn.name || "function", ...rest } = options;
  checkInputs(what, signature, by, dy);
  return traceFunction(
    (inputs) => {
      const chosen = by.map((name) => inputs[name] as tf.Tensor);
      const value = () => checkValue(fn(inputs), what, dy !== undefined, sizesOf(signature, inputs));
      const result = tf.engine().gradients(value, chosen, inputs[dyName], true);
      const unreached = by.filter((_, at) => result.grads[at] === undefined || result.grads[at] === null);
      if (unreached.length > 0) throw new AttuneError("TRACE_UNREACHED", { what, variables: unreached });
      const gradients = by.map((name, at) => [gradientName(name), result.grads[at] as tf.Tensor]);
      return { [outputName]: result.value, ...Object.fromEntries(gradients) };
    },
    dy === undefined ? signature : { ...signature, [dyName]: dy },
    { ...rest, name: what },
  );
}

function floatInputs(signature: Signature): string[] {
  return Object.entries(signature).flatMap(([name, { dtype }]) => (dtype === "float32" ? [name] : []));
}

function checkInputs(
  what: string,
  signature: Signature,
  by: readonly string[],
  dy: InputSpec | undefined,
): void {
  const issues = [
    ...(by.length === 0 ? ["there is no float32 input to differentiate by"] : []),
    ...by.flatMap((name) => {
      const spec = signature[name];
      if (spec === undefined) return [`there is no input ${name} to differentiate by`];
      return spec.dtype === "float32" ? [] : [`input ${name} is ${spec.dtype}; only float32 has gradients`];
    }),
    ...(dy !== undefined && dyName in signature ? [`the name ${dyName} is taken by an input`] : []),
  ];
  if (issues.length > 0) throw new AttuneError("TRACE_SIGNATURE", { what, issues });
}

function checkValue(
  value: tf.Tensor,
  what: string,
  hasDy: boolean,
  sizes: Readonly<Record<string, number>>,
): tf.Tensor {
  if (value instanceof tf.Tensor && (hasDy || value.rank === 0)) return value;
  const shape = value instanceof tf.Tensor ? `has shape ${shapeText(value.shape, sizes)}` : "is no tensor";
  const reason = `${shape}, not [] (one number); take its mean or sum, or give \`dy\``;
  throw new AttuneError("TRACE_LOSS", { what, reason });
}
