/** One trace of one function, as layers, models and trainings see it. */
import type { AttuneError } from "@attune/contracts";
import type * as tf from "@tensorflow/tfjs-core";
import type { Kernel } from "../kernels/define.ts";
import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { Recorder } from "../recorder/recorder.ts";
import type { TracedValue } from "../recorder/traced-value.ts";

export interface SessionOptions {
  /** What is traced, for errors: `the function`, `the model "mlp"`. */
  readonly what: string;
  /** Readable names of tensors that come from outside: weights, by their data. */
  readonly names: ReadonlyMap<tf.DataId, string>;
}

export interface TraceSession {
  readonly recorder: Recorder;
  readonly graph: KernelGraph;
  /** Every problem met so far. */
  readonly issues: readonly string[];
  /** A tensor of the graph for code under trace. */
  toTensor(value: TracedValue): tf.Tensor;
  /** The value of a tensor; tensors from outside become constants. */
  valueOf(tensor: tf.TensorInfo): TracedValue;
  /** From now on this outside tensor (a variable) is that value. */
  bind(dataId: tf.DataId, value: TracedValue): void;
  /** Values that tfjs made on the host. */
  constant(values: tf.BackendValues, shape: readonly number[], dtype: tf.DataType): TracedValue;
  /** Runs a kernel: appends its nodes and gives tensors. */
  runKernel(
    kernel: Kernel,
    inputs: tf.NamedTensorInfoMap,
    attrs: tf.NamedAttrMap,
  ): tf.TensorInfo | tf.TensorInfo[];
  /** A kernel that no graph can hold: notes why, and lets the trace go on to find the other problems. */
  refuseKernel(
    name: string,
    reason: string,
    inputs: tf.NamedTensorInfoMap,
    attrs: tf.NamedAttrMap,
  ): tf.TensorInfo | tf.TensorInfo[];
  /** Notes that a kernel or layer cannot be traced as it is; the trace goes on, and fails at its end. */
  refuse(subject: string, reason: string): void;
  /** The error for a read of numbers that are not there. */
  hostRead(): AttuneError;
}
