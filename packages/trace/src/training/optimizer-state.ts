/** The state that a tfjs optimizer keeps: found on a fresh copy of it, so that the user's own is never touched. */
import { AttuneError, type Tensor } from "@attune/contracts";
import { float32Tensor } from "@attune/onnx";
import * as tf from "@tensorflow/tfjs-core";

/** One variable of the optimizer's own. */
export interface Slot {
  /** `optimizer/accBeta1`, `dense/kernel/m` */
  readonly name: string;
  readonly variable: tf.Variable;
  /** Its value before the first step. */
  readonly initial: Tensor<"float32">;
}

export interface OptimizerCopy {
  readonly optimizer: tf.Optimizer;
  readonly slots: readonly Slot[];
}

/**
 * A fresh optimizer of the same kind and settings, with its slots made.
 *
 * @param trainables - the variables it will update, by name.
 * @throws {AttuneError} `TRACE_SIGNATURE` for an optimizer that cannot be copied.
 */
export function copyOptimizer(
  original: tf.Optimizer,
  learningRate: number,
  trainables: Readonly<Record<string, tf.Variable>>,
  what: string,
): OptimizerCopy {
  const optimizer = createLike(original, learningRate, what);
  const scalars = listScalars(optimizer);
  const before = scalars.map(({ variable }) => readVariable(variable));
  // Without gradients an optimizer only makes its slots.
  const names = new Map(Object.entries(trainables).map(([name, variable]) => [variable.name, name]));
  const nothing = Array.from(names.keys(), (name) => ({ name, tensor: null as unknown as tf.Tensor }));
  tf.tidy(() => {
    optimizer.applyGradients(nothing);
    // It also counted a step.
    for (const [at, { variable }] of scalars.entries()) {
      const { data, dims } = before[at] as Tensor<"float32">;
      variable.assign(tf.tensor(data, [...dims]));
    }
  });
  const slots = listArrays(optimizer).map(({ originalName, variable }) => ({
    name: renameSlot(originalName, names),
    variable,
    initial: readVariable(variable),
  }));
  return {
    optimizer,
    slots: [
      ...scalars.map(({ name, variable }, at) => ({
        name: `optimizer/${name}`,
        variable,
        initial: before[at] as Tensor<"float32">,
      })),
      ...slots,
    ],
  };
}

/** Learning rate that an optimizer was made with. */
export function learningRateOf(optimizer: tf.Optimizer): number {
  return Number((optimizer.getConfig() as { learningRate?: number }).learningRate);
}

/** Changes the rate of an optimizer between two steps. */
export function setLearningRate(optimizer: tf.Optimizer, learningRate: number): void {
  // SGD and momentum hold it as a tensor, and have a method for it; the others read the field. Asked by the method,
  // since tfjs takes every optimizer for an instance of every optimizer class.
  const set: unknown = Reflect.get(optimizer, "setLearningRate");
  if (typeof set === "function") set.call(optimizer, learningRate);
  else Reflect.set(optimizer, "learningRate", learningRate);
}

/** Frees an optimizer's tensors, those too that tfjs's own `dispose` forgets. */
export function disposeOptimizer(optimizer: tf.Optimizer): void {
  optimizer.dispose();
  tf.dispose(Object.values(optimizer).filter((value) => value instanceof tf.Tensor && !value.isDisposed));
}

function createLike(original: tf.Optimizer, learningRate: number, what: string): tf.Optimizer {
  const Class = original.constructor as unknown as tf.serialization.SerializableConstructor<tf.Optimizer> & {
    fromConfig?: tf.serialization.FromConfigMethod<tf.Optimizer>;
  };
  const config = original.getConfig?.();
  if (config === undefined || Class.fromConfig === undefined || !("learningRate" in config)) {
    const issues = ["the optimizer has no getConfig, fromConfig or learningRate; use one of tf.train.*"];
    throw new AttuneError("TRACE_SIGNATURE", { what, issues });
  }
  return Class.fromConfig(Class, { ...config, learningRate });
}

function listScalars(optimizer: tf.Optimizer): { name: string; variable: tf.Variable }[] {
  return Object.entries(optimizer).flatMap(([name, value]) =>
    value instanceof tf.Variable ? [{ name, variable: value }] : [],
  );
}

interface OptimizerVariable {
  readonly originalName: string;
  readonly variable: tf.Variable;
}

function listArrays(optimizer: tf.Optimizer): OptimizerVariable[] {
  return Object.values(optimizer).flatMap((value) =>
    Array.isArray(value) ? value.filter((entry) => entry?.variable instanceof tf.Variable) : [],
  );
}

/** tfjs names slots after the variable: `variable_7/m`; ours are named after what the variable is called here. */
function renameSlot(originalName: string, names: ReadonlyMap<string, string>): string {
  const cut = originalName.lastIndexOf("/");
  return `${names.get(originalName.slice(0, cut)) ?? originalName.slice(0, cut)}${originalName.slice(cut)}`;
}

function readVariable(variable: tf.Variable): Tensor<"float32"> {
  return float32Tensor(Float32Array.from(variable.dataSync()), variable.shape);
}
