// The update in place against the same step as one graph, for every optimizer of tfjs and for odd sizes.
import type { Tensor } from "@attune/contracts";
import { writeModel } from "@attune/onnx";
import {
  applyUpdateOp,
  type TrainStep,
  traceTrainStep,
  type UpdateGroup,
  type UpdateOptions,
} from "@attune/trace";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { beforeAll, describe, expect, test } from "vitest";
import { createUpdateKernel } from "./update-kernel.ts";

type Float32Tensor = Tensor<"float32">;
type Batch = Readonly<Record<string, tf.Tensor>>;

const rates = [0.05, 0.02, 0.01, 0.03];

beforeAll(async () => {
  tf.env().set("PROD", true);
  await tf.setBackend("cpu");
});

/** Sizes that fill no register: 3 × 5, 5 and 1. */
function traceModel(
  optimizer: tf.Optimizer,
  update: UpdateOptions = {},
): { step: TrainStep; batches: Batch[] } {
  const variables = {
    kernel: tf.variable(tf.randomNormal([3, 5], 0, 0.5, "float32", 1)),
    bias: tf.variable(tf.randomNormal([5], 0, 0.5, "float32", 2)),
    scale: tf.variable(tf.tensor1d([0.7])),
  };
  const loss = ({ x }: Batch) => {
    const y = tf.mul(tf.tanh(tf.add(tf.matMul(x!, variables.kernel), variables.bias)), variables.scale);
    return tf.mean(tf.square(tf.sub(y, 0.3)));
  };
  const signature = { x: { dtype: "float32", dims: ["batch", 3] } } as const;
  const step = traceTrainStep({ loss, signature, variables, optimizer, update });
  tf.dispose(Object.values(variables));
  const batches = rates.map((_, at) => ({ x: tf.randomNormal([4 + at, 3], 0, 1, "float32", 10 + at) }));
  return { step, batches };
}

function toOrt({ dims, data }: Float32Tensor): OrtTensor {
  return new OrtTensor("float32", data, dims);
}

function fromOrt({ type, dims, data }: OrtTensor): Tensor {
  return { dtype: type, dims, data } as Tensor;
}

function feedsOf(session: InferenceSession, all: Readonly<Record<string, OrtTensor>>) {
  return Object.fromEntries(Object.entries(all).filter(([name]) => session.inputNames.includes(name)));
}

function inputs(batch: Batch, rate: number): Record<string, OrtTensor> {
  const given = Object.entries(batch).map(([name, tensor]) => [
    name,
    tensor.dtype === "int32"
      ? new OrtTensor("int32", Int32Array.from(tensor.dataSync()), tensor.shape)
      : new OrtTensor("float32", Float32Array.from(tensor.dataSync()), tensor.shape),
  ]);
  return { ...Object.fromEntries(given), learning_rate: new OrtTensor("float32", [rate], []) };
}

async function runWhole({ model, state }: TrainStep, batches: readonly Batch[]) {
  const session = await InferenceSession.create(writeModel(model));
  let current = Object.fromEntries(state.map(({ name, initial }) => [name, toOrt(initial as Float32Tensor)]));
  for (const [at, batch] of batches.entries()) {
    const results = await session.run(feedsOf(session, { ...current, ...inputs(batch, rates[at]!) }));
    current = Object.fromEntries(
      state.map(({ name, next }) => [name, next === undefined ? current[name]! : results[next]!]),
    );
  }
  await session.release();
  return Object.fromEntries(
    Object.entries(current).map(([name, { data }]) => [name, Array.from(data as Float32Array)]),
  );
}

async function runSplit({ split, state }: TrainStep, batches: readonly Batch[], threadCount = 1) {
  if (split === undefined) throw new Error("the step was not split");
  const session = await InferenceSession.create(writeModel(split.model));
  const initial = Object.fromEntries(state.map(({ name, initial: first }) => [name, first as Float32Tensor]));
  const kernel = createUpdateKernel(split.program, initial, { threadCount });
  for (const [at, batch] of batches.entries()) {
    const states = Object.fromEntries(
      Object.entries(kernel.states).map(([name, tensor]) => [name, toOrt(tensor)]),
    );
    const feeds = feedsOf(session, { ...states, ...inputs(batch, rates[at]!) });
    const fetches = Object.fromEntries(
      session.outputNames.map((name) => [name, kernel.targets[name] ? toOrt(kernel.targets[name]) : null]),
    );
    const results = await session.run(feeds, fetches);
    const outputs = Object.entries(results).map(([name, value]) => [name, fromOrt(value)] as const);
    kernel.apply(rates[at]!, Object.fromEntries(outputs));
  }
  await session.release();
  await kernel.close();
  return Object.fromEntries(
    Object.entries(kernel.readState()).map(([name, { data }]) => [name, Array.from(data)]),
  );
}

const optimizers: Readonly<Record<string, () => tf.Optimizer>> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.1, 0.9),
  "nesterov momentum": () => tf.train.momentum(0.1, 0.9, true),
  adagrad: () => tf.train.adagrad(0.1),
  adadelta: () => tf.train.adadelta(0.1),
  adam: () => tf.train.adam(0.1),
  adamax: () => tf.train.adamax(0.1, 0.9, 0.999, 1e-7, 0.01),
  rmsprop: () => tf.train.rmsprop(0.1, 0.9, 0.5),
};

const updates: Readonly<Record<string, UpdateOptions>> = {
  plain: {},
  "clipped by value, with weight decay": { clip: { kind: "value", value: 0.01 }, weightDecay: 0.1 },
  "clipped by norm": { clip: { kind: "norm", value: 0.02 } },
  "clipped by the joint norm": { clip: { kind: "globalNorm", value: 0.02 } },
};

describe.each(Object.keys(optimizers))("%s", (optimizer) => {
  test.each(Object.keys(updates))("in place is as in the graph: %s", async (update) => {
    const { step, batches } = traceModel(optimizers[optimizer]!(), updates[update]);
    const [whole, split] = [await runWhole(step, batches), await runSplit(step, batches)];
    expect(Object.keys(split).sort()).toEqual(
      step.state
        .filter(({ next }) => next !== undefined)
        .map(({ name }) => name)
        .sort(),
    );
    for (const [name, values] of Object.entries(split)) {
      // A product with the inverse in place of a quotient: one rounding more.
      for (const [at, value] of values.entries()) expect(value).toBeCloseTo(whole[name]![at]!, 5);
    }
  });
});

/** A table looked up twice in a batch, once repeated by a mean; width 6 fills no register. */
function traceTable(optimizer: tf.Optimizer): { step: TrainStep; batches: Batch[] } {
  const table = tf.variable(tf.randomNormal([7, 6], 0, 0.5, "float32", 3));
  const loss = ({ history, target }: Batch) => {
    const user = tf.mean(tf.gather(table, history!), 1);
    const item = tf.gather(table, target!);
    return tf.add(tf.mean(tf.square(tf.sub(user, item))), tf.mean(tf.abs(table)));
  };
  const signature = {
    history: { dtype: "int32", dims: ["batch", 4] },
    target: { dtype: "int32", dims: ["batch"] },
  } as const;
  const step = traceTrainStep({ loss, signature, variables: { table }, optimizer });
  table.dispose();
  const ids = (count: number, at: number) => Int32Array.from({ length: count }, (_, i) => (i * i + at) % 7);
  const batches = rates.map((_, at) => ({
    history: tf.tensor2d(ids(4 * (2 + 9000 * (at % 2)), at), [2 + 9000 * (at % 2), 4], "int32"),
    target: tf.tensor1d(ids(2 + 9000 * (at % 2), at + 3), "int32"),
  }));
  return { step, batches };
}

test("rows of a table are added up in place as in the graph, also when the memory has to grow", async () => {
  const { step, batches } = traceTable(tf.train.adam(0.1));
  const [table] = step.split?.program.tables ?? [];
  expect(table).toMatchObject({ width: 6, scattered: [{ repeat: 1 }, { repeat: 4 }] });
  const [whole, split] = [await runWhole(step, batches), await runSplit(step, batches)];
  for (const [at, value] of split.table!.entries()) expect(value).toBeCloseTo(whole.table![at]!, 5);
});

test("a tall matrix lies transposed, and nobody notices", async () => {
  const tall = tf.variable(tf.randomNormal([700, 100], 0, 0.05, "float32", 4));
  const loss = ({ x }: Batch) => tf.mean(tf.square(tf.sub(tf.tanh(tf.matMul(tf.sin(x!), tall)), 0.3)));
  const signature = { x: { dtype: "float32", dims: ["batch", 700] } } as const;
  const step = traceTrainStep({ loss, signature, variables: { tall }, optimizer: tf.train.adam(0.1) });
  tall.dispose();
  expect(step.split?.program.groups).toMatchObject([{ isTransposed: true }]);
  expect(step.split?.model.graph.nodes.filter(({ op }) => op === "Transpose")).toHaveLength(1);
  const batches = rates.map((_, at) => ({ x: tf.randomNormal([4 + at, 700], 0, 1, "float32", 10 + at) }));
  const [whole, split] = [await runWhole(step, batches), await runSplit(step, batches)];
  for (const [at, value] of split.tall!.entries()) expect(value).toBeCloseTo(whole.tall![at]!, 4);
});

test("several threads give the very numbers of one", async () => {
  const large = tf.variable(tf.randomNormal([41_003, 11], 0, 0.05, "float32", 4));
  const loss = ({ ids }: Batch) => tf.mean(tf.square(tf.sub(tf.gather(large, ids!), 0.3)));
  const signature = { ids: { dtype: "int32", dims: ["batch"] } } as const;
  const step = traceTrainStep({ loss, signature, variables: { large }, optimizer: tf.train.adam(0.1) });
  large.dispose();
  const batches = rates.map((_, at) => ({ ids: tf.tensor1d([at, 7, 41_002, 7], "int32") }));
  const [one, three] = [await runSplit(step, batches), await runSplit(step, batches, 3)];
  expect(three).toEqual(one);
});

test("any arithmetic gives in WebAssembly what it gives on numbers", () => {
  const ops = ["Add", "Sub", "Mul", "Div", "Max", "Min", "Sqrt", "Abs", "Neg"] as const;
  const value = fc.float({ noNaN: true, min: -1000, max: 1000 });
  const step = fc.record({ op: fc.constantFrom(...ops), a: fc.nat(), b: fc.nat() });
  const numbers = fc.array(value, { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), numbers, value, (drafts, data, scalar) => {
      const operand = (pick: number, made: number) => {
        const choice = pick % (3 + made);
        if (choice === 0) return { kind: "state", index: 0 } as const;
        if (choice === 1) return { kind: "gradient", index: 0 } as const;
        if (choice === 2) return { kind: "scalar", index: 0 } as const;
        return { kind: "op", index: choice - 3 } as const;
      };
      const steps = drafts.map(({ op, a, b }, made) => ({
        op,
        operands: ["Sqrt", "Abs", "Neg"].includes(op)
          ? [operand(a, made)]
          : [operand(a, made), operand(b, made)],
      }));
      const result = { kind: "op", index: steps.length - 1 } as const;
      const group: UpdateGroup = {
        size: data.length,
        isTransposed: false,
        states: ["w"],
        gradients: ["g"],
        steps,
        results: [result],
      };
      const scalars = [{ kind: "constant", value: scalar }] as const;
      const kernel = createUpdateKernel(
        { scalars, tables: [], groups: [group], scalarResults: [] },
        { w: { dtype: "float32", dims: [data.length], data: Float32Array.from(data) } },
      );
      const gradient = Float32Array.from(data, (number) => number / 3 + 1);
      kernel.apply(0, { g: { dtype: "float32", dims: [data.length], data: gradient } });
      const expected = data.map((number, at) => {
        const made: number[] = [];
        const read = ({ kind, index }: (typeof steps)[number]["operands"][number]) =>
          ({ state: number, gradient: gradient[at]!, scalar: Math.fround(scalar), op: made[index]! })[kind];
        for (const { op, operands } of steps) {
          made.push(applyUpdateOp(op, read(operands[0]!), operands[1] && read(operands[1])));
        }
        return made.at(-1)!;
      });
      expect(Array.from(kernel.states.w!.data)).toEqual(expected);
    }),
  );
});
