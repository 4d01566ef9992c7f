import { AttuneError, isAttuneError, type Tensor } from "@attune/contracts";
import { conformanceModels, float32, sessionConformance, strings, sumModel } from "@attune/testkit";
import { expect, test } from "vitest";
import { createEngineSession, type Engine, type EngineTensor } from "./engine-session.ts";

type TestTensor = Tensor & EngineTensor;

/** An engine in memory with the habits of onnxruntime: its own tensors, one release, answers in a later turn. */
function engineOf(model: (typeof conformanceModels)[number]): Engine<TestTensor> & { events: string[] } {
  const metadata = (values: typeof model.inputs) =>
    values.map(({ name, dtype, dims }) => ({
      name,
      isTensor: true,
      type: dtype,
      shape: dims.map((dim) => dim ?? ""),
    }));
  const toEngine = (tensor: Tensor): TestTensor => ({ ...structuredClone(tensor), type: tensor.dtype });
  return {
    events: [],
    runtime: { name: "test-engine", version: "1" },
    inputMetadata: metadata(model.inputs),
    outputMetadata: metadata(model.outputs),
    createTensor: toEngine,
    async run(feeds, fetches) {
      await new Promise((resolve) => setImmediate(resolve));
      const outputs = model.compute(feeds);
      this.events.push("ran");
      return Object.fromEntries(fetches.map((name) => [name, toEngine(outputs[name]!)]));
    },
    async release() {
      this.events.push("released");
    },
  };
}

sessionConformance("a session over an engine", async (bytes) => {
  const model = conformanceModels.find((known) => known.bytes.join() === bytes.join());
  if (model === undefined)
    throw new AttuneError("RUNTIME_LOAD", { runtime: "test-engine", reason: "unknown bytes" });
  return createEngineSession(engineOf(model));
});

const feeds = { a: float32([1, 2], [1, 2]), b: float32([3, 4], [1, 2]), label: strings(["x"]) };

test("the engine is released once, after the last run", async () => {
  const engine = engineOf(sumModel);
  const session = createEngineSession(engine);
  const running = [session.run(feeds), session.run(feeds)];
  await Promise.all([session.close(), session.close()]);
  expect(engine.events).toEqual(["ran", "ran", "released"]);
  await Promise.all(running);
});

test("a failure of the engine becomes RUNTIME_RUN with its words, and its cause", async () => {
  const cause = new Error("bad luck");
  const engine = { ...engineOf(sumModel), run: () => Promise.reject(cause) };
  const session = createEngineSession(engine);
  const error = await session.run(feeds).catch((caught: unknown) => caught);
  if (!isAttuneError(error, "RUNTIME_RUN")) throw error;
  expect(error.message).toContain("bad luck");
  expect(error.cause).toBe(cause);
  await session.close();
});

test("graphs with other dtypes are refused with every name", () => {
  const engine = {
    ...engineOf(sumModel),
    outputMetadata: [
      { name: "half", isTensor: true, type: "float16", shape: [1] },
      { name: "map", isTensor: false },
    ],
  };
  expect(() => createEngineSession(engine)).toThrow(/output half is float16; output map is no tensor/);
});

test("unknown dims of an engine stay unknown", () => {
  const engine = {
    ...engineOf(sumModel),
    inputMetadata: [{ name: "x", isTensor: true, type: "float32", shape: ["", "n", 3] }],
  };
  expect(createEngineSession(engine).inputs[0]!.dims).toEqual([undefined, "n", 3]);
});
