import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import * as tf from "@tensorflow/tfjs-core";
import { layers, sequential } from "@tensorflow/tfjs-layers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { converterFiles, readExpected } from "./fixtures/converter-files.ts";
import { buildGraph, graphFixtures } from "./fixtures/graph-models.ts";
import { layersFixtures, savedArtifacts, seedWeights } from "./fixtures/layers-models.ts";
import { predict, toTensors } from "./fixtures/predict.ts";
import { type WriteOptions, writeModel } from "./fixtures/write-model.ts";
import { loadTfjsModel } from "./load-tfjs-model.ts";
import { seedInputs } from "./parity/seeded-inputs.ts";
import { importTfjs } from "./tfjs.ts";

const run = promisify(execFile);
let dir: string;
const said = vi.fn();

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "attune-tfjs-"));
  await importTfjs();
});
afterAll(() => rm(dir, { recursive: true, force: true }));

beforeEach(() => {
  for (const level of ["log", "warn", "error", "info"] as const)
    vi.spyOn(console, level).mockImplementation(said);
  tf.engine().startScope();
});
afterEach(() => {
  tf.engine().endScope();
  expect(said).not.toHaveBeenCalled();
});

/** Largest difference of any value, NaN if one is; shapes must agree. */
function distance(actual: tf.Tensor, expected: { dims: readonly number[]; data: ArrayLike<number> }): number {
  expect(actual.shape).toEqual(expected.dims);
  const differences = Array.from(actual.dataSync<"float32">(), (value, at) =>
    Math.abs(value - expected.data[at]!),
  );
  expect(differences.length).toBeGreaterThan(0);
  return differences.reduce((worst, difference) => Math.max(worst, difference), 0);
}

/** The largest over all outputs. */
function worstDistance(actual: readonly tf.Tensor[], expected: readonly tf.Tensor[]): number {
  expect(actual).toHaveLength(expected.length);
  const distances = expected.map((tensor, at) =>
    distance(actual[at]!, { dims: tensor.shape, data: tensor.dataSync<"float32">() }),
  );
  return Math.max(...distances);
}

describe("files of the tensorflowjs converter", () => {
  test.each(converterFiles)("$name gives TensorFlow's outputs", async (file) => {
    const { inputs, outputs } = readExpected(file);
    const loaded = await loadTfjsModel(file.path);
    expect(loaded.kind).toBe(file.name.split("/")[1]?.split("-")[0]);
    expect(loaded.inputs.map(({ name }) => name).sort()).toEqual(Object.keys(inputs).sort());
    const actual = predict(loaded, inputs);
    expect(Object.keys(actual).sort()).toEqual(Object.keys(outputs).sort());
    for (const [name, expected] of Object.entries(outputs))
      expect(distance(actual[name]!, expected)).toBeLessThanOrEqual(file.tolerance);
    loaded.model.dispose();
  });

  test("cover both formats, and each quantization", () => {
    const names = converterFiles.map(({ name }) => name.split("/")[1]);
    expect(new Set(names)).toEqual(
      new Set(["graph", "graph-uint8", "graph-uint16", "layers", "layers-float16", "layers-uint16"]),
    );
  });
});

describe.each(layersFixtures)("a LayersModel: $name", ({ name, build }) => {
  // A step of the quantized range, through a model's few layers. Where nothing is rounded, nothing may differ.
  test.each<WriteOptions & { readonly tolerance: number }>([
    { tolerance: 0 },
    { tolerance: 0, shardBytes: 100, groupCount: 3 },
    { tolerance: 0.1, quantized: "uint8" },
    { tolerance: 5e-4, quantized: "uint16", groupCount: 2 },
    { tolerance: 5e-3, quantized: "float16" },
  ])("predicts as the saved one: %o", async ({ tolerance, ...options }) => {
    const model = seedWeights(build(), 5);
    const folder = path.join(dir, `${name} ${JSON.stringify(options)}`);
    const loaded = await loadTfjsModel(await writeModel(folder, await savedArtifacts(model), options));
    const inputs = toTensors(seedInputs(loaded.inputs, { batch: 3, seed: 1, openSize: 10 }));
    const saved = model.predict(loaded.inputs.map((input) => inputs[input.name]!));
    const worst = worstDistance(
      Object.values(predict(loaded, inputs)),
      Array.isArray(saved) ? saved : [saved],
    );
    expect(worst).toBeLessThanOrEqual(tolerance);
    expect(worst > 0).toBe(options.quantized !== undefined);
    loaded.model.dispose();
    model.dispose();
  });
});

describe.each(graphFixtures)("a GraphModel: $name", (fixture) => {
  test.each([1, 4])("computes what its nodes say, batch %i", async (batch) => {
    const { artifacts, outputs, weight } = buildGraph(fixture, 3);
    const loaded = await loadTfjsModel(await writeModel(path.join(dir, fixture.name), artifacts));
    const inputs = toTensors(seedInputs(loaded.inputs, { batch, openSize: 5 }));
    const actual = predict(loaded, inputs);
    expect(Object.keys(actual)).toEqual(outputs);
    expect(worstDistance(Object.values(actual), fixture.expected(inputs, weight))).toBeLessThan(1e-6);
    loaded.model.dispose();
  });
});

test("the graph fixtures hold the ops of shipped models", () => {
  const ops = new Set(
    graphFixtures.flatMap((fixture) => {
      const { modelTopology } = buildGraph(fixture, 0).artifacts;
      return [...JSON.stringify(modelTopology).matchAll(/"op":"(\w+)"/g)].map((match) => match[1]!);
    }),
  );
  expect([...ops].sort().join(" ")).toMatchInlineSnapshot(
    `"AddV2 ArgMax AvgPool BiasAdd Cast ConcatV2 Const Conv2D DepthwiseConv2dNative ExpandDims FusedBatchNormV3 FusedDepthwiseConv2dNative GatherV2 Greater Identity LeakyRelu MatMul MaxPool Mean Mul Pack Pad Placeholder Relu Relu6 Reshape ResizeBilinear Rsqrt SelectV2 Shape Sigmoid Softmax Squeeze StridedSlice Sub Tanh Tile Transpose _FusedConv2D _FusedMatMul"`,
  );
});

test("what was loaded is freed with the model", async () => {
  const before = tf.memory().numTensors;
  for (const file of converterFiles) (await loadTfjsModel(file.path)).model.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

/** A layer of a user's own. */
class Halve extends layers.Layer {
  static readonly className = "Halve";
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.div(Array.isArray(inputs) ? inputs[0]! : inputs, 2);
  }
}

test("a registered layer needs nothing more", async () => {
  tf.serialization.registerClass(Halve);
  const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [3] }), new Halve({})] });
  const loaded = await loadTfjsModel(await writeModel(path.join(dir, "halve"), await savedArtifacts(model)));
  const inputs = toTensors(seedInputs(loaded.inputs, { batch: 2 }));
  const [name] = loaded.inputs.map((input) => input.name);
  expect(
    worstDistance(Object.values(predict(loaded, inputs)), [model.predict(inputs[name!]!) as tf.Tensor]),
  ).toBe(0);
  loaded.model.dispose();
  model.dispose();
});

test("tfjs is not loaded until a model is", async () => {
  const script = `
    import { createRequire } from "node:module";
    const loaded = () => Object.keys(createRequire(import.meta.url).cache).some((file) => file.includes("tfjs-core"));
    const { loadTfjsModel } = await import(${JSON.stringify(path.resolve(import.meta.dirname, "index.ts"))});
    const before = loaded();
    await loadTfjsModel(${JSON.stringify(converterFiles[0]!.path)});
    process.stdout.write(JSON.stringify([before, loaded()]));`;
  const flags = [
    "--disable-warning=ExperimentalWarning",
    "--conditions=@attune/source",
    "--input-type=module",
  ];
  const { stdout, stderr } = await run(process.execPath, [...flags, "-e", script], {
    cwd: path.resolve(import.meta.dirname, ".."),
  });
  expect([stdout, stderr]).toEqual(["[false,true]", ""]);
});
