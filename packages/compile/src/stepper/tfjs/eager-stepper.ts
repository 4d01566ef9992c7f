/** Steps computed by tfjs itself, op by op, on one of its own backends. */
import { AttuneError, type Tensor } from "@attune/contracts";
import {
  applyUpdate,
  checkLoss,
  copyOptimizer,
  differentiate,
  disposeOptimizer,
  learningRateOf,
  type Noise,
  type NoiseKind,
  setLearningRate,
  type TensorsByName,
  withMissingGradients,
} from "@attune/trace";
import * as tf from "@tensorflow/tfjs-core";
import type { NoiseSource } from "../../noise/noise-source.ts";
import type { TrainingProblem } from "../../problem.ts";
import { type Batch, type Numbers, readTensor, type State } from "../../tensors.ts";
import type { Stepper, StepRequest } from "../stepper.ts";

export interface EagerStepperOptions {
  /** Name of a tfjs backend that has started. */
  readonly backend: string;
  readonly noise: NoiseSource;
}

/** The caller's own variables are the state: they change with every step. */
export function createEagerStepper(problem: TrainingProblem, options: EagerStepperOptions): Stepper {
  const { name: what, variables, optimizer: original } = problem;
  const { backend } = options;
  const { optimizer, slots } = runOn(backend, () =>
    copyOptimizer(original, learningRateOf(original), variables, what),
  );
  const held: Readonly<Record<string, tf.Variable>> = {
    ...variables,
    ...problem.state,
    ...Object.fromEntries(slots.map(({ name, variable }) => [name, variable])),
  };
  let before: Snapshot | undefined;

  return {
    async step(request) {
      const present = runOn(backend, () => takeSnapshot(held));
      try {
        const numbers = runOn(backend, () =>
          tf.tidy(() => takeStep(problem, optimizer, options.noise, request)),
        );
        if (!Number.isFinite(numbers.loss)) {
          present.restore();
          return numbers;
        }
        before?.dispose();
        before = present;
        return numbers;
      } catch (error) {
        present.restore();
        throw toBackendError(error, what, backend);
      }
    },
    async evaluate({ batch }) {
      return runOn(backend, () =>
        tf.tidy(() => {
          const { loss, metrics = {} } = checkLoss(problem.evaluate(toTensors(batch)), what);
          return readNumbers(loss, metrics);
        }),
      );
    },
    async readState() {
      const read = Object.entries(held).map(async ([name, variable]) => [name, await readTensor(variable)]);
      return Object.fromEntries(await Promise.all(read)) as State;
    },
    async loadState(state) {
      tf.tidy(() => {
        for (const [name, variable] of Object.entries(held)) variable.assign(toTensor(state[name] as Tensor));
      });
      before?.dispose();
      before = undefined;
    },
    undo() {
      before?.restore();
      const wasThere = before !== undefined;
      before = undefined;
      return wasThere;
    },
    async close() {
      before?.dispose();
      disposeOptimizer(optimizer);
    },
  };
}

function takeStep(
  { name: what, loss, variables, update }: TrainingProblem,
  optimizer: tf.Optimizer,
  noise: NoiseSource,
  request: StepRequest,
): Numbers {
  const result = withMissingGradients(() =>
    differentiate({
      what,
      loss,
      variables,
      batch: toTensors(request.batch),
      noise: createNoise(noise, request.step),
    }),
  );
  const numbers = readNumbers(result.loss, result.metrics);
  tf.dispose(Object.values(result.metrics));
  if (!Number.isFinite(numbers.loss)) return numbers;
  setLearningRate(optimizer, request.learningRate);
  applyUpdate(optimizer, variables, result.gradients, update);
  return numbers;
}

/** The tensors that a graph would get as inputs, made when they are asked for. */
function createNoise(source: NoiseSource, step: number): Noise {
  let draws = 0;
  const draw = (kind: NoiseKind) => (shape: readonly number[]) => {
    const data = new Float32Array(shape.reduce((product, dim) => product * dim, 1));
    source.fill(data, kind, step, draws++);
    return tf.tensor(data, [...shape]);
  };
  return { uniform: draw("uniform"), normal: draw("normal") };
}

function readNumbers(loss: tf.Tensor, metrics: TensorsByName): Numbers {
  const read = Object.entries(metrics).map(([name, metric]) => [name, metric.dataSync()[0] ?? Number.NaN]);
  return { loss: loss.dataSync()[0] ?? Number.NaN, ...Object.fromEntries(read) };
}

function toTensors(batch: Batch): TensorsByName {
  return Object.fromEntries(Object.entries(batch).map(([name, tensor]) => [name, toTensor(tensor)]));
}

function toTensor({ dtype, dims, data }: Tensor): tf.Tensor {
  return tf.tensor(data as Float32Array, [...dims], dtype as "float32");
}

interface Snapshot {
  /** Sets the variables back, and is used up. */
  restore(): void;
  dispose(): void;
}

/** Holds on to the values of variables; nothing is copied, since an update makes new tensors. */
function takeSnapshot(variables: Readonly<Record<string, tf.Variable>>): Snapshot {
  const kept = Object.values(variables).map((variable) => ({ variable, value: tf.keep(tf.clone(variable)) }));
  const dispose = () => tf.dispose(kept.map(({ value }) => value));
  return {
    restore() {
      for (const { variable, value } of kept) variable.assign(value);
      dispose();
    },
    dispose,
  };
}

/** tfjs says so only when it comes to the kernel. */
function toBackendError(error: unknown, kind: string, backend: string): unknown {
  const message = error instanceof Error ? error.message : "";
  if (!/Kernel '\w+' not registered/.test(message)) return error;
  const reason = `${message}; take another one`;
  return new AttuneError("TRAIN_BACKEND", { kind, backend, reason }, { cause: error });
}

/** Runs `body` on a backend, synchronously, and sets tfjs back to the one it was on. */
function runOn<Result>(backend: string, body: () => Result): Result {
  const engine = tf.engine();
  const before = engine.backendName;
  if (before === backend) return body();
  // Both have started, so that nothing is waited for.
  void engine.setBackend(backend);
  try {
    return body();
  } finally {
    void engine.setBackend(before);
  }
}
