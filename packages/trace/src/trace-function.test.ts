import { type AttuneError, isAttuneError } from "@attune/contracts";
import { type Model, writeModel } from "@attune/onnx";
import * as tf from "@tensorflow/tfjs-core";
// Registers the gradients, which tfjs-core's Node build lacks.
import "@tensorflow/tfjs-layers";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { beforeAll, describe, expect, test } from "vitest";
import { type TensorsByName, traceFunction } from "./trace-function.ts";

beforeAll(async () => {
  // tfjs greets on the console unless told that this is production.
  tf.env().set("PROD", true);
  await tf.setBackend("cpu");
});

const batchOf3 = { x: { dtype: "float32", dims: ["batch", 3] } } as const;

async function run(
  model: Model,
  feeds: Readonly<Record<string, tf.Tensor>>,
): Promise<Record<string, Tensor>> {
  const session = await InferenceSession.create(writeModel(model));
  const given = Object.entries(feeds)
    .filter(([name]) => session.inputNames.includes(name))
    .map(([name, tensor]) => {
      const data = tensor.dataSync();
      return [name, new Tensor(tensor.dtype as "float32", data as Float32Array, tensor.shape)] as const;
    });
  const results = await session.run(Object.fromEntries(given));
  await session.release();
  return results as Record<string, Tensor>;
}

/** The same function by tfjs and by the traced model, at batches of 1, 2 and 7. */
async function expectSame(
  fn: (inputs: TensorsByName) => tf.Tensor,
  signature: Parameters<typeof traceFunction>[1] = batchOf3,
): Promise<Model> {
  const model = traceFunction(fn, signature);
  for (const batch of [1, 2, 7]) {
    const feeds = Object.fromEntries(
      Object.entries(signature).map(([name, { dims }], at) => {
        const shape = dims.map((dim) => (typeof dim === "string" ? (dim === "batch" ? batch : 4) : dim));
        return [name, tf.randomNormal(shape, 0, 1, "float32", 10 * batch + at)];
      }),
    );
    const expected = fn(feeds);
    const { output } = await run(model, feeds);
    expect(output?.dims).toEqual(expected.shape);
    expect(output?.type).toBe(expected.dtype);
    for (const [at, value] of expected.dataSync().entries()) {
      expect(Number(output?.data[at])).toBeCloseTo(value, 5);
    }
  }
  return model;
}

function failureOf(act: () => unknown): AttuneError {
  try {
    act();
  } catch (error) {
    if (isAttuneError(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("a free dim", () => {
  const forms: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>> = {
    "in a reshape": (x) => tf.reshape(x, [x.shape[0]! * 3]),
    "twice in a reshape": (x) => tf.reshape(tf.tile(x, [1, x.shape[0]!]), [x.shape[0]!, x.shape[0]!, 3]),
    "as a divisor": (x) => tf.div(tf.sum(x, 0), x.shape[0]!),
    "under a fraction": (x) => tf.mul(x, 1 / x.shape[0]!),
    "in a padding and a slice": (x) =>
      tf.slice(
        tf.pad(x, [
          [1, 2],
          [0, 0],
        ]),
        [1, 0],
        [x.shape[0]!, 2],
      ),
    "in a host-made mask": (x) => tf.add(x, tf.fill([x.shape[0]!, 1], 0.5)),
    "in a host-made table that repeats": (x) => {
      const rows = Array.from({ length: x.shape[0]! }, () => [1, 2, 4]);
      return tf.mul(x, tf.tensor2d(rows));
    },
    "in a range": (x) => tf.add(x, tf.reshape(tf.range(0, x.shape[0]!), [-1, 1])),
    "in a mean and its gradient": (x) => tf.grad((y) => tf.mean(tf.square(y)))(x),
  };
  test.each(Object.keys(forms))("%s", async (name) => {
    await expectSame(({ x }) => forms[name]!(x!));
  });

  test("and another one, also multiplied", async () => {
    const signature = { x: { dtype: "float32", dims: ["batch", "length", 2] } } as const;
    const model = await expectSame(({ x }) => {
      const [batch, length] = x!.shape as [number, number];
      return tf.div(tf.reshape(x!, [batch * length, 2]), batch * length);
    }, signature);
    expect(model.graph.inputs[0]?.dims).toEqual(["batch", "length", 2]);
  });

  test("is written as a name, and a reshape needs no arithmetic for it", () => {
    const model = traceFunction(({ x }) => tf.reshape(x!, [x!.shape[0]!, 3, 1]), batchOf3);
    expect(model.graph.outputs[0]?.dims).toEqual(["batch", 3, 1]);
    expect(model.graph.nodes.map(({ op }) => op)).toEqual(["Reshape"]);
  });
});

describe("the graph", () => {
  test("has weights under their names, and what hangs on them only is folded", () => {
    const w = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
    const model = traceFunction(({ x }) => tf.matMul(x!, tf.transpose(w)), batchOf3, {
      weightNames: new Map([[w, "dense/kernel"]]),
    });
    expect([...model.graph.initializers.keys()]).toEqual(["dense/kernel"]);
    expect(model.graph.nodes.map(({ op }) => op)).toEqual(["MatMul"]);
  });

  test("holds nothing twice and nothing in vain", () => {
    const model = traceFunction(({ x }) => {
      tf.exp(x!);
      return tf.add(tf.tanh(x!), tf.tanh(x!));
    }, batchOf3);
    expect(model.graph.nodes.map(({ op }) => op)).toEqual(["Tanh", "Add"]);
  });

  test("is the same bytes each time", () => {
    const bytes = () => writeModel(traceFunction(({ x }) => tf.softmax(tf.mul(x!, 2)), batchOf3));
    expect(bytes()).toEqual(bytes());
  });

  test("reads constants on the host, as tfjs does", async () => {
    const scale = tf.scalar(3);
    await expectSame(({ x }) => tf.mul(x!, scale.dataSync()[0]!));
  });

  test("has outputs by name, and an input that goes straight through", async () => {
    const model = traceFunction(({ x }) => ({ same: x!, double: tf.mul(x!, 2) }), batchOf3);
    const { same, double } = await run(model, { x: tf.tensor2d([[1, 2, 3]]) });
    expect(Array.from(same?.data as Float32Array)).toEqual([1, 2, 3]);
    expect(Array.from(double?.data as Float32Array)).toEqual([2, 4, 6]);
  });
});

test("tfjs is as before: backend, tensors, weights", () => {
  const w = tf.tensor1d([1, 2, 3]);
  const { numTensors, numDataBuffers } = tf.memory();
  traceFunction(({ x }) => tf.mul(x!, w), batchOf3);
  expect(() => traceFunction(({ x }) => tf.reshape(x!, [7]), batchOf3)).toThrow();
  expect(tf.getBackend()).toBe("cpu");
  expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers });
  expect(Array.from(w.dataSync())).toEqual([1, 2, 3]);
});

describe("refuses", () => {
  test("a read on the host, with the op that asks", () => {
    const read = failureOf(() => traceFunction(({ x }) => tf.mul(x!, x!.dataSync()[0]!), batchOf3));
    expect(read.code).toBe("TRACE_HOST_READ");
    expect(read.message).toContain("cannot trace function: its own code reads a tensor on the host");
  });

  test("a branch on data", () => {
    const branch = ({ x }: TensorsByName) => ((tf.sum(x!).arraySync() as number) > 0 ? x! : tf.neg(x!));
    expect(failureOf(() => traceFunction(branch, batchOf3, { name: "clip" })).message).toContain(
      "cannot trace clip:",
    );
  });

  test("random numbers made on the host, by the op's name, whatever their shape", () => {
    const fixed = failureOf(() => traceFunction(({ x }) => tf.add(x!, tf.randomNormal([1, 3])), batchOf3));
    expect(fixed.code).toBe("TRACE_FROZEN");
    expect(fixed.message).toContain("randomNormal");
    const free = failureOf(() => traceFunction(({ x }) => tf.dropout(x!, 0.5), batchOf3));
    expect(free.code).toBe("TRACE_FROZEN");
    expect(free.message).toContain("draws its noise from its second argument");
  });

  test("random numbers without any free dim", () => {
    const signature = { x: { dtype: "float32", dims: [3] } } as const;
    const error = failureOf(() => traceFunction(({ x }) => tf.add(x!, tf.randomUniform([3])), signature));
    expect(error.code).toBe("TRACE_FROZEN");
  });

  test("a computation that changes with the size", () => {
    const fn = ({ x }: TensorsByName) => (x!.shape[0]! > 12 ? tf.exp(x!) : tf.tanh(x!));
    const error = failureOf(() => traceFunction(fn, batchOf3));
    expect(error.code).toBe("TRACE_SHAPE_DEPENDENT");
    expect(error.message).toMatch(/Tanh at one size is Exp at another/);
  });

  test("every op that no graph can hold, at once", () => {
    const fn = ({ x }: TensorsByName) => {
      const spectrum = tf.real(tf.fft(tf.cast(x!, "complex64")));
      return tf.add(spectrum, tf.cast(tf.multinomial(x! as tf.Tensor2D, 3), "float32"));
    };
    const error = failureOf(() => traceFunction(fn, batchOf3));
    expect(error.code).toBe("TRACE_UNSUPPORTED");
    expect(error.message).toContain("docs/kernels.md");
  });

  test("a signature that cannot be, with every problem", () => {
    const signature = { x: { dtype: "float64", dims: ["my batch", -1] }, y: { dtype: "int32", dims: [1.5] } };
    const error = failureOf(() => traceFunction(({ x }) => x!, signature as never));
    expect(error.code).toBe("TRACE_SIGNATURE");
    expect((error.details as { issues: string[] }).issues).toHaveLength(4);
  });

  test("a signature that does not fit the function", () => {
    const shapes = failureOf(() => traceFunction(({ x }) => tf.matMul(x!, tf.ones([4, 2])), batchOf3));
    expect(shapes.message).toMatch(/BatchMatMul.*inner dims of \[11, 3\] and \[4, 2\] differ/s);
    const own = failureOf(() => traceFunction(({ x, y }) => tf.concat([x!, tf.reshape(y!, [2])]), batchOf3));
    expect(own.code).toBe("TRACE_FAILED");
    expect(own.message).toContain("x: float32[11, 3]");
  });

  test("an output that is no tensor", () => {
    for (const result of [3, undefined, {}, { y: 3 }]) {
      const error = failureOf(() => traceFunction(() => result as never, batchOf3));
      expect(error.code).toBe("TRACE_SIGNATURE");
    }
  });

  test("a trace inside a trace", () => {
    const nested = ({ x }: TensorsByName) => {
      traceFunction(({ x: y }) => y!, batchOf3);
      return x!;
    };
    expect(failureOf(() => traceFunction(nested, batchOf3)).code).toBe("TRACE_UNSUPPORTED");
  });
});
