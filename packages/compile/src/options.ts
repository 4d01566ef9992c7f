/** Options of `compileTraining`, and their checks. */
import type { CreateSession } from "@attune/contracts";
import type { GradientClip, Signature } from "@attune/trace";
import type * as tf from "@tensorflow/tfjs-core";
import type { ModelCompileArgs } from "@tensorflow/tfjs-layers";
import type { Evaluate, IdRange } from "./problem.ts";
import type { BackendName } from "./stepper/backends.ts";
import type { BackendChoice } from "./stepper/start-stepper.ts";

/** Once, when a training is compiled. */
export type CompileEvent = { readonly type: "backend" } & BackendChoice;

/** What every training takes. */
export interface CompileOptions {
  /** What errors call the training. Default `training`, or the model's name. */
  readonly name?: string;
  /** Seeds shuffling, dropout and all other noise. A whole number. Default 0. */
  readonly seed?: number;
  /**
   * Default `onnxruntime`; `auto` takes the first that works here. On tfjs's own backends the variables change with every
   * step; on ONNX Runtime they are written when `fit` ends, or by `writeBack`.
   */
  readonly backend?: BackendName | "auto";
  /** Opens ONNX Runtime: `createNodeSession` of @attune/runtime-node, or the like. Needed by `onnxruntime`. */
  readonly createSession?: CreateSession;
  /** Threads inside one operator of ONNX Runtime. Default 1. */
  readonly threadCount?: number;
  /** Keeps gradients small. Default: as they are. */
  readonly clip?: GradientClip;
  /** Share of each variable that a step takes away, times the learning rate. Default 0. */
  readonly weightDecay?: number;
  /** Told which backend trains, and why. */
  readonly onEvent?: (event: CompileEvent) => void;
}

/** For a loss that is a plain function. */
export interface CompileLossOptions extends CompileOptions {
  /** One of `tf.train.*`; a copy of it trains, the given one stays as it is. */
  readonly optimizer: tf.Optimizer;
  /** dtype and dims of each tensor of a batch; rows are axis 0, named `batch` or so to be free. */
  readonly signature: Signature;
  /** What is trained, by name. */
  readonly variables: Readonly<Record<string, tf.Variable>>;
  /** Other variables that the loss reads or assigns, such as moving means, by name. */
  readonly state?: Readonly<Record<string, tf.Variable>>;
  /** Inputs whose numbers pick a row or a class: a batch with others is refused by name, before the engine fails. */
  readonly ranges?: Readonly<Record<string, IdRange>>;
  /** What validation computes. Default: the loss itself, which must then ask for no noise. */
  readonly evaluate?: Evaluate;
}

/** For a tfjs model. */
export interface CompileModelOptions extends CompileOptions, Partial<ModelCompileArgs> {
  /**
   * Dims of inputs and targets by name, in place of the model's own: a number for a free size that must be fixed, such
   * as the time axis of a recurrent layer.
   */
  readonly dims?: Readonly<Record<string, readonly (number | string)[]>>;
}

/** @returns every option that does not fit. */
export function checkCompileOptions(options: CompileOptions): string[] {
  const { seed = 0, threadCount = 1, clip, weightDecay = 0 } = options;
  return [
    ...(Number.isSafeInteger(seed) && seed >= 0
      ? []
      : [`seed is ${seed}, expected a whole number of at least 0`]),
    ...(Number.isInteger(threadCount) && threadCount >= 1
      ? []
      : [`threadCount is ${threadCount}, expected a whole number of at least 1`]),
    ...(weightDecay >= 0 && Number.isFinite(weightDecay)
      ? []
      : [`weightDecay is ${weightDecay}, expected a number of at least 0`]),
    ...(clip === undefined || (clip.value > 0 && ["value", "norm", "globalNorm"].includes(clip.kind))
      ? []
      : [`clip is ${JSON.stringify(clip)}, expected { kind: "value" | "norm" | "globalNorm", value > 0 }`]),
  ];
}
