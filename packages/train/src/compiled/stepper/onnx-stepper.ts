/** Steps as runs of one ONNX graph, on whatever engine the caller's `createSession` opens. */
import type { CreateSession, Session, Tensor } from "@attune/contracts";
import { type Model, writeModel } from "@attune/onnx";
import { checkLoss, noiseDims, type TrainStep, traceEvaluation, traceTrainStep } from "@attune/trace";
import type { NoiseSource } from "../noise/noise-source.ts";
import type { TrainingProblem } from "../problem.ts";
import type { Numbers, State, Stepper, StepRequest } from "./stepper.ts";
import { copyTensor, numbersOf, writeTensor } from "./tensors.ts";

export interface OnnxStepperOptions {
  readonly createSession: CreateSession;
  readonly threadCount: number;
  readonly noise: NoiseSource;
}

/** Tensors of one state by the names of the graph's inputs, and by those of the outputs that overwrite them. */
interface Buffer {
  readonly feeds: Record<string, Tensor>;
  readonly into: Readonly<Record<string, Tensor>>;
}

/**
 * @throws {AttuneError} what `traceTrainStep` throws of the loss, and what `createSession` throws.
 */
export async function createOnnxStepper(
  problem: TrainingProblem,
  options: OnnxStepperOptions,
): Promise<Stepper> {
  const traced = traceTrainStep(problem);
  const { createSession, threadCount } = options;
  const session = await createSession(writeModel(traced.model), { threadCount });
  const buffers = createBuffers(traced);
  const run = createRun(traced, session, options.noise);
  const evaluation = createEvaluation(problem, options);
  let current = 0;
  let canUndo = false;

  return {
    async step(request) {
      // Three states in turn: what a step reads, what it writes, and the one before, to go back to.
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

/** Fills the noise inputs of a step; their tensors are made anew only for a batch of another size. */
function createNoiseFeed({ noise: inputs }: TrainStep, noise: NoiseSource) {
  const known = new Map<string, Tensor<"float32">>();
  return (feeds: Record<string, Tensor>, { sizes, step }: StepRequest) => {
    for (const [draw, input] of inputs.entries()) {
      const dims = noiseDims(input, sizes);
      let tensor = known.get(input.name);
      if (tensor === undefined || !dims.every((dim, axis) => dim === tensor?.dims[axis])) {
        const length = dims.reduce((product, dim) => product * dim, 1);
        tensor = { dtype: "float32", dims, data: new Float32Array(length) };
        known.set(input.name, tensor);
      }
      noise.fill(tensor.data, input.kind, step, draw);
      feeds[input.name] = tensor;
    }
  };
}

/** The graph that measures is traced when it is first asked for. */
function createEvaluation(problem: TrainingProblem, { createSession, threadCount }: OnnxStepperOptions) {
  let opened: Promise<{ session: Session; model: Model }> | undefined;
  async function open() {
    const model = traceEvaluation({
      name: `evaluation of ${problem.name}`,
      compute: (batch) => {
        const { loss, metrics } = checkLoss(problem.evaluate(batch), problem.name);
        return { loss, ...metrics };
      },
      signature: problem.signature,
      variables: { ...problem.variables, ...problem.state },
    });
    return { model, session: await createSession(writeModel(model), { threadCount }) };
  }
  return {
    async run(tensors: Readonly<Record<string, Tensor>>): Promise<Numbers> {
      opened ??= open();
      const { session, model } = await opened;
      const feeds = Object.fromEntries(model.graph.inputs.map(({ name }) => [name, tensors[name] as Tensor]));
      const results = await session.run(feeds);
      return numbersOf(Object.keys(results), results);
    },
    async close() {
      await (await opened)?.session.close();
    },
  };
}
