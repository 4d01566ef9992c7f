/** One trace of one function: what tfjs hands over becomes values, kernels append nodes, problems are gathered. */
import { AttuneError, isAttuneError, type Tensor } from "@attune/contracts";
import { boolTensor, float32Tensor, int32Tensor } from "@attune/onnx";
import * as tf from "@tensorflow/tfjs-core";
import type { Kernel } from "../kernels/define.ts";
import { createKernelGraph, Refusal, sameDims } from "../recorder/kernel-graph.ts";
import { createRecorder, type Recorder } from "../recorder/recorder.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { runOnCpu, runOnZeros } from "../run-on-cpu.ts";
import type { TraceBackend } from "./trace-backend.ts";
import type { SessionOptions, TraceSession } from "./trace-session.ts";

export function createTraceSession(backend: TraceBackend, options: SessionOptions): TraceSession {
  const recorder = createRecorder();
  const graph = createKernelGraph(recorder);
  const bound = new Map<tf.DataId, TracedValue>();
  const issues: string[] = [];

  /** `in layer "dense_1"`, or the tf op that is running. */
  function place(kernel?: string): string {
    const layer = recorder.path.length > 0 ? recorder.placeOf(recorder.path.join("/")) : undefined;
    const op = opName();
    const call = op !== undefined && op.toLowerCase() !== kernel?.toLowerCase() ? `in tf.${op}` : undefined;
    return [call, layer].filter((part) => part !== undefined).join(" ");
  }

  function note(kernel: string, reason: string): void {
    const where = place(kernel);
    const issue = `${kernel}${where === "" ? "" : ` (${where})`}: ${reason}`;
    if (!issues.includes(issue)) issues.push(issue);
  }

  function outside(info: tf.TensorInfo): TracedValue {
    const name = options.names.get(info.dataId);
    const value = session.constant(tf.engine().readSync(info.dataId), info.shape, info.dtype, name);
    bound.set(info.dataId, value);
    return value;
  }

  const session = {
    recorder,
    graph,
    issues,
    toTensor(value: TracedValue): tf.Tensor {
      const { dataId, shape, dtype } = backend.hold(value);
      return tf.engine().makeTensorFromDataId(dataId, shape, dtype, backend);
    },
    valueOf(info: tf.TensorInfo): TracedValue {
      const value = bound.get(info.dataId) ?? backend.find(info.dataId) ?? outside(info);
      // Other backends give a reshaped tensor the same data.
      return sameDims(value.dims, info.shape) ? value : graph.reshape(value, info.shape);
    },
    bind(dataId: tf.DataId, value: TracedValue): void {
      bound.set(dataId, value);
    },
    constant(
      values: tf.BackendValues,
      shape: readonly number[],
      dtype: tf.DataType,
      name = "constant",
    ): TracedValue {
      const origin = [opName(), place()].find((part) => part !== undefined && part !== "") ?? "the function";
      return recorder.constant(toTensor(values, shape, dtype), name, origin);
    },
    runKernel(kernel: Kernel, infos: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap) {
      recorder.kernel = kernel.kernel;
      const inputs: Record<string, TracedValue> = {};
      for (const [name, info] of Object.entries(infos)) {
        if (info !== undefined && info !== null) inputs[name] = session.valueOf(info);
      }
      const given = Object.values(inputs);
      const bad = given.find((value) => !kernel.dtypes.some((dtype) => dtype === value.dtype));
      if (bad !== undefined) {
        const reason = `dtype ${bad.dtype} is not supported; it takes ${kernel.dtypes.join(", ")}`;
        return session.refuseKernel(kernel.kernel, reason, infos, attrs);
      }
      try {
        const traced = kernel.trace({ inputs, attrs, graph });
        const marked = markOutputs(
          recorder,
          kernel.kernel,
          inputs,
          attrs,
          "id" in traced ? [traced] : traced,
        );
        const held = marked.map((value) => backend.hold(value));
        return "id" in traced ? (held[0] as tf.TensorInfo) : held;
      } catch (cause) {
        if (cause instanceof Refusal) return session.refuseKernel(kernel.kernel, cause.message, infos, attrs);
        if (!isAttuneError(cause)) throw cause;
        note(kernel.kernel, cause.message);
        throw new AttuneError("TRACE_UNSUPPORTED", { what: options.what, issues }, { cause });
      }
    },
    refuseKernel(name: string, reason: string, infos: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap) {
      note(name, reason);
      const stand = runOnZeros(name, infos, attrs);
      if (stand === undefined) throw new AttuneError("TRACE_UNSUPPORTED", { what: options.what, issues });
      const held = stand.map((tensor) => backend.hold(recorder.constant(tensor, "refused", name)));
      return held.length === 1 ? (held[0] as tf.TensorInfo) : held;
    },
    refuse: note,
    hostRead(): AttuneError {
      const where = place();
      return new AttuneError("TRACE_HOST_READ", {
        what: options.what,
        where: where === "" ? "its own code" : `code ${where}`,
      });
    },
  };
  return session;
}

/** Results of constants are constants, unless they are so much larger that the graph should make them. */
function markOutputs(
  recorder: Recorder,
  kernel: string,
  inputs: Readonly<Record<string, TracedValue>>,
  attrs: tf.NamedAttrMap,
  outputs: readonly TracedValue[],
): readonly TracedValue[] {
  const given = Object.values(inputs);
  if (!given.every((value) => value.known !== undefined)) return outputs;
  const size = given.reduce((sum, value) => sum + elementCount(value.dims), 0);
  let results: readonly Tensor[] | undefined;
  const compute = () => {
    results ??= runOnCpu(
      kernel,
      Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, value.known?.() as Tensor])),
      attrs,
    );
    return results;
  };
  return outputs.map((value, index) =>
    value.known !== undefined || elementCount(value.dims) > Math.max(4096, size)
      ? value
      : recorder.markKnown(value, () => compute()[index] as Tensor),
  );
}

function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** tfjs names the scope of each op `matMul__op`. */
function opName(): string | undefined {
  const name = tf.engine().state.activeScope?.name;
  return name?.endsWith("__op") ? name.slice(0, -"__op".length) : undefined;
}

function toTensor(values: tf.BackendValues, shape: readonly number[], dtype: tf.DataType): Tensor {
  const dims = [...shape];
  const list = values as Float32Array | Int32Array | Uint8Array;
  switch (dtype) {
    case "float32":
      return float32Tensor(Float32Array.from(list), dims);
    case "int32":
      return int32Tensor(Int32Array.from(list), dims);
    case "bool":
      return boolTensor(Array.from(list, Boolean), dims);
    default:
      throw new AttuneError("TRACE_UNSUPPORTED", {
        what: "it",
        issues: [`a tensor of dtype ${dtype}; a graph can hold float32, int32 and bool`],
      });
  }
}
