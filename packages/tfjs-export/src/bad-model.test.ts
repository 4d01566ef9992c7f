// What a user sees of a model that cannot be loaded: the whole text, every problem in it.
import { cp, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { isAttuneError } from "@attune/contracts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readTfjsModel } from "./files/read-tfjs-model.ts";
import { converterFiles } from "./fixtures/converter-files.ts";
import type { Fields } from "./fixtures/model-json.ts";
import { loadTfjsModel } from "./load-tfjs-model.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "attune-tfjs-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** A copy of a converter's model with a changed model.json. */
async function copyOf(name: string, change: (json: Fields) => unknown = () => {}): Promise<string> {
  await cp(path.dirname(converterFiles.find((file) => file.name === name)!.path), dir, { recursive: true });
  const file = path.join(dir, "model.json");
  const json: Fields = JSON.parse(await readFile(file, "utf8"));
  const changed = change(json);
  await writeFile(file, typeof changed === "string" ? changed : JSON.stringify(json));
  return file;
}

/** The error's text, the folder left out. */
async function complaint(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error("it loaded");
  expect(isAttuneError(error, "EXPORT_TFJS_MODEL") || isAttuneError(error, "FILE_READ")).toBe(true);
  return error.message.replaceAll(`${dir}/`, "");
}

describe("the file", () => {
  test("is not there", async () => {
    expect(await complaint(readTfjsModel(path.join(dir, "model.json")))).toMatchInlineSnapshot(
      `"cannot read model.json: ENOENT: no such file or directory"`,
    );
  });

  test.each([
    [
      "no JSON",
      "\x89HDF\r\n",
      [
        "it is not JSON (Unexpected token '?', \"?HDF?\" is not valid JSON); pass the model.json that tfjs or tensorflowjs_converter wrote",
      ],
    ],
    [
      "a weights manifest alone",
      "[]",
      ["it holds no JSON object; pass model.json, not weights_manifest.json or a weight file"],
    ],
    [
      "an empty object",
      "{}",
      [
        '"weightsManifest" is missing: the file has no weights. Save the model with them',
        '"modelTopology" is missing: the file does not say how the model computes',
      ],
    ],
    [
      "a topology without weights",
      '{"modelTopology":{"class_name":"Sequential","config":[]}}',
      ['"weightsManifest" is missing: the file has no weights. Save the model with them'],
    ],
    [
      "neither format",
      '{"modelTopology":{"layers":[]},"weightsManifest":[]}',
      [
        'it names no "format" (layers-model, graph-model), and "modelTopology" has neither Keras layers ("model_config") nor a GraphDef ("node")',
      ],
    ],
    [
      "an unknown format",
      '{"format":"tflite","modelTopology":{"node":[]},"weightsManifest":[]}',
      ['"format" is "tflite"; supported: layers-model, graph-model'],
    ],
    [
      "a format that its topology is not of",
      '{"format":"graph-model","modelTopology":{"model_config":{}},"weightsManifest":{}}',
      [
        '"weightsManifest" is no list of weight groups',
        '"format" is "graph-model", but "modelTopology" has no list of nodes ("node")',
      ],
    ],
    [
      "groups that are none",
      '{"modelTopology":{"node":[]},"weightsManifest":[{"paths":["a"]},[]]}',
      [
        'weightsManifest[0] is no group of "paths" (file names) and "weights"',
        'weightsManifest[1] is no group of "paths" (file names) and "weights"',
      ],
    ],
  ])("holds %s", async (_, text, issues) => {
    await writeFile(path.join(dir, "model.json"), text);
    const lines = issues.map((issue) => `\n  - ${issue}`).join("");
    expect(await complaint(readTfjsModel(path.join(dir, "model.json")))).toBe(
      `model.json cannot be loaded as a tfjs model:${lines}`,
    );
  });

  test("names no format and loads by its topology", async () => {
    for (const [name, kind] of [
      ["sequence/layers", "layers"],
      ["text/graph", "graph"],
    ] as const) {
      const file = await copyOf(name, (json) => {
        delete json.format;
      });
      expect((await readTfjsModel(file)).kind).toBe(kind);
    }
  });
});

describe("weight files", () => {
  test("missing, remote, or outside the folder: all of them are told", async () => {
    const file = await copyOf("vision/graph", (json) => {
      json.weightsManifest[0]!.paths = [
        "group1-shard1of3.bin",
        "https://example.com/shard2.bin",
        "../shard3.bin",
        "/etc/hostname",
        "shards/../../shard4.bin",
        "gone.bin",
      ];
    });
    expect(await complaint(readTfjsModel(file))).toMatchInlineSnapshot(`
      "model.json cannot be loaded as a tfjs model:
        - weight file https://example.com/shard2.bin is remote; download it beside model.json and write its file name in the manifest
        - weight file ../shard3.bin lies outside the folder of model.json; put it beside model.json and write its file name in the manifest
        - weight file /etc/hostname lies outside the folder of model.json; put it beside model.json and write its file name in the manifest
        - weight file shards/../../shard4.bin lies outside the folder of model.json; put it beside model.json and write its file name in the manifest
        - weight file gone.bin cannot be read: ENOENT: no such file or directory"
    `);
  });

  test.each([
    [4000, "8600 bytes, but the weights take 8696 (96 too few)"],
    [4200, "8800 bytes, but the weights take 8696 (104 too many)"],
  ])("too short or too long: %i of 4096 bytes", async (size, sum) => {
    const file = await copyOf("vision/graph");
    await truncate(path.join(dir, "group1-shard2of3.bin"), size);
    expect(await complaint(readTfjsModel(file))).toBe(
      "model.json cannot be loaded as a tfjs model:\n  - weight files group1-shard1of3.bin (4096 bytes), " +
        `group1-shard2of3.bin (${size} bytes), group1-shard3of3.bin (504 bytes): ${sum}; copy the files again, or save the model again`,
    );
  });

  test("none for weights that need some", async () => {
    const file = await copyOf("sequence/layers", (json) => {
      json.weightsManifest[0]!.paths = [];
    });
    expect(await complaint(readTfjsModel(file))).toMatchInlineSnapshot(`
      "model.json cannot be loaded as a tfjs model:
        - no weight file: 0 bytes, but the weights take 2728 (2728 too few); copy the files again, or save the model again"
    `);
  });

  test("in a folder below", async () => {
    const file = await copyOf("sequence/layers", (json) => {
      json.weightsManifest[0]!.paths = ["./inner/../inner/weights.bin"];
    });
    await cp(path.join(dir, "group1-shard1of1.bin"), path.join(dir, "inner/weights.bin"));
    expect((await readTfjsModel(file)).weights).toHaveLength(12);
  });
});

describe("weights", () => {
  test("malformed: every one is told, and a missing file beside them", async () => {
    const file = await copyOf("vision/graph-uint8", (json) => {
      const good = { shape: [1], dtype: "float32" };
      json.weightsManifest[0]!.paths = ["gone.bin"];
      json.weightsManifest[0]!.weights = [
        { ...good, name: "a", dtype: "float64" },
        { ...good, name: "b", shape: [3, -1] },
        { ...good, name: "b", dtype: "int32", quantization: { dtype: "float16" } },
        { ...good, name: "c", quantization: { dtype: "int4", min: 0, scale: 1 } },
        { ...good, name: "d", quantization: { dtype: "uint8", scale: 0 } },
        { ...good, name: "e", quantization: { dtype: "uint16", min: 0, scale: "1" } },
        { ...good, name: "f", dtype: "bool", quantization: { dtype: "uint8", min: 0, scale: 1 } },
        { ...good, name: "g", quantization: null },
        good,
      ];
    });
    expect(await complaint(readTfjsModel(file))).toMatchInlineSnapshot(`
      "model.json cannot be loaded as a tfjs model:
        - weight "a" has dtype "float64"; tfjs knows float32, int32, bool, complex64, string
        - weight "b" has shape [3,-1], which is no list of sizes
        - weight "b" is listed twice
        - weight "b" is quantized to float16, which holds float32 weights, not int32
        - weight "c" is quantized to "int4"; tfjs knows uint8, uint16, float16
        - weight "d" is quantized to uint8 with min undefined and scale 0; both must be finite, and scale not 0
        - weight "e" is quantized to uint16 with min 0 and scale 1; both must be finite, and scale not 0
        - weight "f" is quantized to uint8, which holds float32 or int32 weights, not bool
        - weight "g" has quantization null
        - a weight of the manifest has no name
        - weight file gone.bin cannot be read: ENOENT: no such file or directory"
    `);
  });

  /** Writes values over the start of a weight file. */
  async function overwrite(name: string, values: Float32Array | Uint16Array): Promise<void> {
    const bytes = await readFile(path.join(dir, name));
    bytes.set(new Uint8Array(values.buffer));
    await writeFile(path.join(dir, name), bytes);
  }

  test("NaN or infinite, stored as float32 or float16", async () => {
    const full = await copyOf("photo/layers");
    await overwrite("group1-shard1of3.bin", Float32Array.of(1, Number.NaN, Number.POSITIVE_INFINITY));
    expect(await complaint(readTfjsModel(full))).toMatchInlineSnapshot(`
      "model.json cannot be loaded as a tfjs model:
        - weight "batch_normalization_1/gamma" [8] has 2 of 8 values NaN or infinite"
    `);
    const half = await copyOf("photo/layers-float16");
    await overwrite("group1-shard1of1.bin", Uint16Array.of(0x7e00, 0xfc00, 0x7bff));
    expect(await complaint(readTfjsModel(half))).toMatchInlineSnapshot(`
      "model.json cannot be loaded as a tfjs model:
        - weight "batch_normalization_1/gamma" [8] has 2 of 8 values NaN or infinite"
    `);
  });

  test("infinite in a graph may be meant; NaN may not", async () => {
    const file = await copyOf("vision/graph");
    const { weights } = await readTfjsModel(file);
    const at = weights.findIndex(({ dtype }) => dtype === "float32");
    const offset = weights.slice(0, at).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    await overwrite("group1-shard1of3.bin", new Float32Array(offset + 1).fill(Number.NEGATIVE_INFINITY));
    expect((await readTfjsModel(file)).kind).toBe("graph");
    await overwrite("group1-shard1of3.bin", new Float32Array(offset + 1).fill(Number.NaN));
    expect(await complaint(readTfjsModel(file))).toMatchInlineSnapshot(`
      "model.json cannot be loaded as a tfjs model:
        - weight "StatefulPartitionedCall/model/rescaling/Cast/x" [] has 1 of 1 values NaN"
    `);
  });
});

describe("a LayersModel", () => {
  test("with classes and functions nobody registered", async () => {
    const file = await copyOf("photo/layers", (json) => {
      const { layers } = json.modelTopology.model_config.config;
      layers[1]!.class_name = "MyRescaling";
      layers[4]!.class_name = "MyReLU";
      layers[2]!.config.kernel_initializer = { class_name: "MyInit", config: {} };
      layers[2]!.config.activation = "my_bend";
      json.weightsManifest[0]!.paths[2] = "gone.bin";
    });
    expect(await complaint(loadTfjsModel(file))).toMatchInlineSnapshot(`
      "model.json cannot be loaded as a tfjs model:
        - weight file gone.bin cannot be read: ENOENT: no such file or directory
        - the class MyRescaling (rescaling_1) is unknown to tfjs; register it with tf.serialization.registerClass and export through the API
        - the activation my_bend (conv2d_3) is unknown to tfjs; register it with tf.serialization.registerClass and export through the API
        - the class MyInit (conv2d_3) is unknown to tfjs; register it with tf.serialization.registerClass and export through the API
        - the class MyReLU (re_lu_1) is unknown to tfjs; register it with tf.serialization.registerClass and export through the API"
    `);
    await cp(path.join(dir, "group1-shard3of3.bin"), path.join(dir, "gone.bin"));
    expect(await complaint(loadTfjsModel(file))).toMatchInlineSnapshot(`
      "model.json cannot be loaded as a tfjs model:
        - the class MyRescaling (rescaling_1) is unknown to tfjs; register it with tf.serialization.registerClass and export through the API
        - the activation my_bend (conv2d_3) is unknown to tfjs; register it with tf.serialization.registerClass and export through the API
        - the class MyInit (conv2d_3) is unknown to tfjs; register it with tf.serialization.registerClass and export through the API
        - the class MyReLU (re_lu_1) is unknown to tfjs; register it with tf.serialization.registerClass and export through the API"
    `);
  });

  test("with weights that are not those of its layers", async () => {
    const file = await copyOf("sequence/layers", (json) => {
      const weights = json.weightsManifest[0]!.weights;
      weights[0]!.name = "someone/else";
      const dense = weights.find(({ name }) => name === "next/kernel")!;
      dense.shape = [3, 5];
      // As TensorFlow names the weights of a recurrent layer: tfjs takes that, and so do we.
      for (const weight of weights)
        if (String(weight.name).startsWith("lstm/"))
          weight.name = String(weight.name).replace(/^lstm\/(?!lstm_cell)/, "lstm/lstm_cell/");
    });
    expect(await complaint(loadTfjsModel(file))).toMatchInlineSnapshot(`
      "model.json cannot be loaded as a tfjs model:
        - weight "someone/else" [6, 12] belongs to no layer
        - weight "next/kernel" has shape [3, 5], the topology says [5, 3]
        - weight "bidirectional/forward_gru/kernel" [6, 12] of the topology is not in "weightsManifest""
    `);
  });

  test("of Keras 3", async () => {
    const file = await copyOf("sequence/layers", (json) => {
      json.modelTopology.keras_version = "3.15.1";
      const { config } = json.modelTopology.model_config.config.layers[0]!;
      config.batch_shape = config.batch_input_shape;
      delete config.batch_input_shape;
    });
    expect(await complaint(loadTfjsModel(file))).toMatchInlineSnapshot(`
      "model.json cannot be loaded as a tfjs model:
        - An InputLayer should be passed either a \`batchInputShape\` or an \`inputShape\`. The model comes from Keras 3.15.1, whose files tfjs does not read: save it with tf_keras (Keras 2) and convert it again"
    `);
  });

  test("with a training configuration tfjs does not know: it is of no interest here", async () => {
    const file = await copyOf("sequence/layers", (json) =>
      Object.assign(json, { trainingConfig: { loss: "my_loss", optimizer_config: { class_name: "Mine" } } }),
    );
    expect((await loadTfjsModel(file)).inputs).toMatchObject([{ name: "ids", idCount: 20 }]);
  });
});

describe("a GraphModel", () => {
  test("with nodes that read what is not there", async () => {
    const file = await copyOf("vision/graph", (json) => {
      const { node } = json.modelTopology;
      node.find(({ op }) => op === "MaxPool")!.input = ["nothing:0"];
      node.find(({ op }) => op === "AvgPool")!.input!.push("^never");
      json.weightsManifest[0]!.weights[0]!.name = "renamed";
      json.signature.outputs.label!.name = "Absent:0";
    });
    expect(await complaint(loadTfjsModel(file))).toMatchInlineSnapshot(`
      "model.json cannot be loaded as a tfjs model:
        - the constant "StatefulPartitionedCall/model/global_average_pooling2d/Mean/reduction_indices" of the graph has no weight in "weightsManifest"
        - node "StatefulPartitionedCall/model/max_pooling2d/MaxPool" (MaxPool) reads "nothing", which the graph lacks
        - node "StatefulPartitionedCall/model/average_pooling2d/AvgPool" (AvgPool) reads "never", which the graph lacks
        - the signature's output "Absent" is no node of the graph"
    `);
  });

  test("with ops tfjs does not know", async () => {
    const file = await copyOf("text/graph", (json) => {
      const { node } = json.modelTopology;
      node.find(({ op }) => op === "Rsqrt")!.op = "MyRsqrt";
      const fused = node.find(
        ({ op, attr }) => op === "_FusedMatMul" && JSON.stringify(attr).includes("RWx1"),
      )!;
      fused.attr!.fused_ops = {
        list: { s: ["BiasAdd", "GeluExact"].map((op) => Buffer.from(op).toString("base64")) },
      };
      // Nothing asks for it, so nothing is wrong.
      node.push({ name: "idle", op: "MyIdle", input: ["ids"], attr: {} });
    });
    expect(await complaint(loadTfjsModel(file))).toMatchInlineSnapshot(`
      "model.json cannot be loaded as a tfjs model:
        - the op GeluExact (StatefulPartitionedCall/model_2/dense_2/Elu) is unknown to tfjs; register it with tf.registerOp and export through the API
        - the op MyRsqrt (StatefulPartitionedCall/model_2/layer_normalization/batchnorm/Rsqrt) is unknown to tfjs; register it with tf.registerOp and export through the API"
    `);
  });

  test("saved in training mode", async () => {
    const file = await copyOf("vision/graph", (json) => {
      const node = json.modelTopology.node.find(({ op }) => op === "MaxPool")!;
      node.op = "FusedBatchNormV3";
      node.attr = { ...node.attr, is_training: { b: true } };
    });
    expect(await complaint(loadTfjsModel(file))).toMatchInlineSnapshot(`
      "model.json cannot be loaded as a tfjs model:
        - node "StatefulPartitionedCall/model/max_pooling2d/MaxPool" (FusedBatchNormV3) normalizes by the statistics of its batch, for which tfjs gives NaN; save the model for inference (a Keras LayerNormalization: with an epsilon under 1e-5, which keeps TensorFlow from this op)"
    `);
  });

  test("with inputs that an exported model cannot have", async () => {
    const file = await copyOf("text/graph", (json) => {
      for (const node of json.modelTopology.node) {
        if (node.op !== "Placeholder") continue;
        if (node.name === "ids") node.attr = { dtype: { type: "DT_STRING" }, shape: node.attr!.shape };
        else node.attr = { dtype: { type: "DT_FLOAT" }, shape: { shape: { unknownRank: true } } };
      }
    });
    expect(await complaint(loadTfjsModel(file))).toMatchInlineSnapshot(`
      "model.json cannot be loaded as a tfjs model:
        - input "ages" has no shape; save the model with one
        - input "ids" has dtype string; supported: float32, int32, bool"
    `);
  });
});

test("texts among the weights take the bytes that their lengths say", async () => {
  const file = await copyOf("text/graph", (json) => {
    json.modelTopology.node.push({ name: "words", op: "Const", attr: {} });
    json.weightsManifest[0]!.weights.unshift({ name: "words", shape: [2], dtype: "string" });
  });
  const weights = path.join(dir, "group1-shard1of1.bin");
  const words = Buffer.from("\x03\0\0\0Ahn\x01\0\0\0!", "latin1");
  await writeFile(weights, Buffer.concat([words, await readFile(weights)]));
  const loaded = await loadTfjsModel(file);
  expect(loaded.kind === "graph" && loaded.model.weights.words?.[0]?.dataSync()).toEqual(["Ahn", "!"]);
  await truncate(weights, 10);
  expect(await complaint(readTfjsModel(file))).toContain("(10 bytes): 10 bytes, but the weights take");
});
