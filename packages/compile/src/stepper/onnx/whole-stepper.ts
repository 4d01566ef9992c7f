/** Steps as one ONNX graph: state in, state out. */
import type { Session, Tensor } from "@attune/contracts";
import { writeModel } from "@attune/onnx";
import type { TrainStep } from "@attune/trace";
import type { NoiseSource } from "../../noise/noise-source.ts";
import type { TrainingProblem } from "../../problem.ts";
import { copyTensor, type Numbers, numbersOf, type State, writeTensor } from "../../tensors.ts";
import type { Stepper, StepRequest } from "../stepper.ts";
import { createEvaluation } from "./evaluation.ts";
import { createNoiseFeed } from "./noise-feed.ts";
import type { OnnxStepperOptions } from "./options.ts";

/** Tensors of one state by the names of the graph's inputs, and by those of the outputs that overwrite them. */
interface Buffer {
  readonly feeds: Record<string, Tensor>;
  readonly into: Readonly<Record<string, Tensor>>;
}

/** Three states in turn: what a step reads, what it writes, and the one before, to go back to. */
export async function createWholeStepper(
  problem: TrainingProblem,
  traced: TrainStep,
  options: OnnxStepperOptions,
): Promise<Stepper> {
  const { createSession, threadCount } = options;
  const session = await createSession(writeModel(traced.model), { threadCount });
  const buffers = createBuffers(traced);
  const run = createRun(traced, session, options.noise);
  const evaluation = createEvaluation(problem, options);
  let current = 0;
  let canUndo = false;

  return {
    async step(request) {
      const next = (current + 1) % buffers.length;
      const numbers = await run(buffers[current] as Buffer, buffers[next] as Buffer, request);
      if (!Number.isFinite(numbers.loss)) return numbers;
      current = next;
      canUndo = true;
      return numbers;
    },
    evaluate: ({ batch }) => evaluation.run({ ...stateOf(traced, buffers[current] as Buffer), ...batch }),
    async readState() {
      const state = Object.entries(stateOf(traced, buffers[current] as Buffer));
      return Object.fromEntries(state.map(([name, tensor]) => [name, copyTensor(tensor)]));
    },
    async loadState(state) {
      const { feeds } = buffers[current] as Buffer;
      for (const { name } of traced.state) writeTensor(feeds[name] as Tensor, state[name] as Tensor);
      canUndo = false;
    },
    undo() {
      if (!canUndo) return false;
      current = (current + buffers.length - 1) % buffers.length;
      canUndo = false;
      return true;
    },
    async close() {
      await Promise.all([session.close(), evaluation.close()]);
    },
  };
}

function createBuffers({ state }: TrainStep): Buffer[] {
  const fill = (values: readonly Tensor[]): Buffer => {
    const feeds: Record<string, Tensor> = {};
    const into: Record<string, Tensor> = {};
    for (const [at, { name, next }] of state.entries()) {
      const tensor = values[at] as Tensor;
      feeds[name] = tensor;
      if (next !== undefined) into[next] = tensor;
    }
    return { feeds, into };
  };
  const initial = state.map((part) => copyTensor(part.initial));
  // What no step changes is shared by all.
  const spare = () =>
    state.map((part, at) => (part.next === undefined ? (initial[at] as Tensor) : copyTensor(part.initial)));
  return [fill(initial), fill(spare()), fill(spare())];
}

function stateOf({ state }: TrainStep, { feeds }: Buffer): State {
  return Object.fromEntries(state.map(({ name }) => [name, feeds[name] as Tensor]));
}

type Run = (from: Buffer, to: Buffer, request: StepRequest) => Promise<Numbers>;

function createRun(traced: TrainStep, session: Session, noise: NoiseSource): Run {
  const names = ["loss", ...traced.metrics];
  const changed = traced.state.flatMap(({ name, next }) => (next === undefined ? [] : [{ name, next }]));
  const fetches = [...names, ...changed.map(({ next }) => next)];
  const learningRate = { dtype: "float32", dims: [], data: new Float32Array(1) } as const;
  const feedNoise = createNoiseFeed(traced, noise);

  return async ({ feeds }, to, request) => {
    for (const name of Object.keys(request.batch)) feeds[name] = request.batch[name] as Tensor;
    learningRate.data[0] = request.learningRate;
    feeds[traced.learningRate.name] = learningRate;
    feedNoise(feeds, request);
    const results = await session.run(feeds, fetches, { into: to.into });
    // Where the engine cannot write into given tensors, these are new ones.
    for (const { name, next } of changed) to.feeds[name] = results[next] as Tensor;
    return numbersOf(names, results);
  };
}
