/** Any function of tensors → an ONNX model. */
import { AttuneError, isAttuneError } from "@attune/contracts";
import { type Model, opsetRange } from "@attune/onnx";
import * as tf from "@tensorflow/tfjs-core";
import type { TraceSession } from "./backend/trace-session.ts";
import { withTrace } from "./backend/with-trace.ts";
import { emitModel } from "./graph/emit.ts";
import type { TracedGraph } from "./graph/graph.ts";
import { makeDeterministic, simplify } from "./passes/index.ts";
import { checkSignature, chooseSizes, dimsAt, type Signature } from "./signature.ts";
import type { Trace } from "./unify/trace.ts";
import { unifyTraces } from "./unify/unify.ts";

export type TensorsByName = Readonly<Record<string, tf.Tensor>>;

export interface TraceOptions {
  /** Name of the graph, and of the function in errors. */
  readonly name?: string;
  /** Opset of ai.onnx, 17 to 21. Default 21. */
  readonly opset?: number;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Names of weights in the graph; other tensors from outside are called `constant`. */
  readonly weightNames?: ReadonlyMap<tf.Tensor, string>;
  /** Sizes at which a symbolic dim is traced, three for each: for code that works for some sizes only. */
  readonly sizes?: Readonly<Record<string, readonly [number, number, number]>>;
}

/**
 * Traces a function of tensors, in tfjs code of any kind, into an ONNX model.
 *
 * The function runs three times, with tensors that have shapes but no numbers; it must not read them. Tensors of the
 * outside that it uses become the model's weights. Dims given by name stay free in the model.
 *
 * @param fn - inputs by name → one tensor (the output is called `output`), or outputs by name.
 * @param signature - dtype and dims of each input.
 * @throws {AttuneError} `TRACE_SIGNATURE`, `TRACE_UNSUPPORTED`, `TRACE_HOST_READ`, `TRACE_FROZEN`,
 * `TRACE_SHAPE_DEPENDENT`.
 */
export function traceFunction(
  fn: (inputs: TensorsByName) => tf.Tensor | TensorsByName,
  signature: Signature,
  options: TraceOptions = {},
): Model {
  return traceToModel(fn, signature, { ...options, name: options.name ?? (fn.name || "function") });
}

/** Code to trace that may also write into the trace itself. */
export type TracedCode = (inputs: TensorsByName, session: TraceSession) => tf.Tensor | TensorsByName;

export type NamedTraceOptions = TraceOptions & { readonly name: string };

/** `traceFunction` for code that knows of the trace: layers that become ONNX's own ops. */
export function traceToModel(fn: TracedCode, signature: Signature, options: NamedTraceOptions): Model {
  const { name, opset = opsetRange[""].max, metadata } = options;
  const graph = traceToGraph(fn, signature, options);
  return emitModel(makeDeterministic(simplify(graph)), { name, opset, ...(metadata && { metadata }) });
}

/** The traced graph itself, before it is written as ONNX. */
export function traceToGraph(fn: TracedCode, signature: Signature, options: NamedTraceOptions): TracedGraph {
  const what = options.name;
  checkSignature(signature, what);
  const names = new Map(Array.from(options.weightNames ?? [], ([tensor, name]) => [tensor.dataId, name]));
  const sizes = chooseSizes(signature, options.sizes);
  const traces: Trace[] = [];
  const issues = new Set<string>();
  for (const size of sizes) {
    try {
      traces.push(withTrace({ what, names }, (session) => traceOnce(fn, signature, size, session, what)));
    } catch (error) {
      // What can be told only at the second size is told together with what the first trace met.
      if (!isAttuneError(error, "TRACE_UNSUPPORTED")) throw error;
      for (const issue of error.details.issues) issues.add(issue);
    }
  }
  if (issues.size > 0) throw new AttuneError("TRACE_UNSUPPORTED", { what, issues: [...issues] });
  return unifyTraces(traces, sizes, what);
}

function traceOnce(
  fn: TracedCode,
  signature: Signature,
  size: Readonly<Record<string, number>>,
  session: TraceSession,
  what: string,
): Trace {
  const inputs: Record<string, tf.Tensor> = {};
  for (const [name, spec] of Object.entries(signature)) {
    inputs[name] = session.toTensor(session.recorder.input(name, spec.dtype, dimsAt(spec, size)));
  }
  const result = runCode(what, inputs, () => fn(inputs, session));
  const outputs = Object.entries(result instanceof tf.Tensor ? { output: result } : (result ?? {}));
  if (outputs.length === 0) {
    const issues = ["it gives no tensor; return a tensor, or an object of tensors"];
    throw new AttuneError("TRACE_SIGNATURE", { what, issues });
  }
  return {
    recorder: session.recorder,
    outputs: outputs.map(([name, tensor]) => {
      if (!(tensor instanceof tf.Tensor)) {
        const issues = [`output ${name} is no tensor; return a tensor, or an object of tensors`];
        throw new AttuneError("TRACE_SIGNATURE", { what, issues });
      }
      return { name, value: session.valueOf(tensor) };
    }),
  };
}

/** @throws {AttuneError} `TRACE_FAILED` around an error that is not one of ours. */
export function runCode<Result>(what: string, inputs: TensorsByName, code: () => Result): Result {
  try {
    return code();
  } catch (cause) {
    if (isAttuneError(cause)) throw cause;
    const shapes = Object.entries(inputs).map(
      ([name, { dtype, shape }]) => `${name}: ${dtype}[${shape.join(", ")}]`,
    );
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AttuneError("TRACE_FAILED", { what, inputs: shapes, reason }, { cause });
  }
}
