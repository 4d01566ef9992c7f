/** A loss and its metrics → one graph: variables and batch in, numbers out. */
import { type Model, opsetRange } from "@attune/onnx";
import type * as tf from "@tensorflow/tfjs-core";
import { withTrace } from "../backend/with-trace.ts";
import { emitModel } from "../graph/emit.ts";
import { makeDeterministic, simplify } from "../passes/index.ts";
import { checkSignature, chooseSizes, dimsAt, type Signature } from "../signature.ts";
import type { TensorsByName } from "../trace-function.ts";
import type { Trace } from "../unify/trace.ts";
import { unifyTraces } from "../unify/unify.ts";
import { borrowVariables } from "./borrow-variables.ts";

export interface EvaluationOptions {
  /** Name of the graph, and of the function in errors. Default `evaluation`. */
  readonly name?: string;
  /** Batch → numbers by name. */
  readonly compute: (batch: TensorsByName) => TensorsByName;
  /** dtype and dims of each tensor of the batch. */
  readonly signature: Signature;
  /** Variables that are inputs of the graph, by name. Others become constants. */
  readonly variables: Readonly<Record<string, tf.Variable>>;
  /** Opset of ai.onnx, 17 to 21. Default 21. */
  readonly opset?: number;
}

/**
 * Traces a function of a batch whose variables stay inputs, so that a training's state can be fed as it is.
 *
 * @throws {AttuneError} what `traceFunction` throws.
 */
export function traceEvaluation(options: EvaluationOptions): Model {
  const { name: what = "evaluation", compute, signature, variables, opset = opsetRange[""].max } = options;
  checkSignature(signature, what);
  const sizes = chooseSizes(signature);
  const traces = sizes.map((size) =>
    borrowVariables(Object.values(variables), () =>
      withTrace({ what, names: new Map() }, (session): Trace => {
        const { recorder } = session;
        const batch = Object.fromEntries(
          Object.entries(signature).map(([name, spec]) => [
            name,
            session.toTensor(recorder.input(name, spec.dtype, dimsAt(spec, size))),
          ]),
        );
        for (const [name, variable] of Object.entries(variables)) {
          session.bind(variable.dataId, recorder.input(name, variable.dtype as "float32", variable.shape));
        }
        const outputs = Object.entries(compute(batch)).map(([name, tensor]) => ({
          name,
          value: session.valueOf(tensor),
        }));
        return { recorder, outputs };
      }),
    ),
  );
  return emitModel(makeDeterministic(simplify(unifyTraces(traces, sizes, what))), { name: what, opset });
}
