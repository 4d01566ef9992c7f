// `attune export --tfjs`: models of the tensorflowjs converter become ONNX files that give TensorFlow's numbers; what
// cannot be exported is told in one error, and nothing on the disk changes.
import { cpSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Tensor } from "@attune/contracts";
import { readMetadata } from "@attune/onnx";
import { createNodeSession } from "@attune/runtime-node";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFolder, type Folder, run } from "../../packages/cli/src/testing/terminal.ts";
import {
  type ConverterFile,
  converterFiles,
  readExpected,
} from "../../packages/tfjs-export/src/fixtures/converter-files.ts";

let folder: Folder;
beforeEach(() => {
  folder = createFolder();
});
afterEach(() => folder.remove());

const figures = { maxAbs: expect.any(Number), maxRel: expect.any(Number) };

async function exportModel(modelPath: string, ...argv: string[]) {
  const command = ["export", "--tfjs", modelPath, "--out", "m.onnx", "--no-web", ...argv];
  const { code, json, text } = await folder.attune(...command);
  expect(code, text).toBe(0);
  return { json, text, bytes: readFileSync(path.join(folder.dir, "m.onnx")) };
}

/** TensorFlow's own outputs for the fixture's inputs, against those of the written file. */
async function expectTensorFlowAgrees(bytes: Uint8Array, file: ConverterFile): Promise<void> {
  const { inputs, outputs } = readExpected(file);
  const feeds = Object.entries(inputs).map(([name, tensor]): [string, Tensor] => {
    const dims = [...tensor.shape];
    const data = tensor.dataSync();
    return tensor.dtype === "int32"
      ? [name, { dtype: "int32", dims, data: Int32Array.from(data) }]
      : [name, { dtype: "float32", dims, data: Float32Array.from(data) }];
  });
  const session = await createNodeSession(bytes);
  expect(session.outputs.map(({ name }) => name).sort()).toEqual(Object.keys(outputs).sort());
  const actual = await session.run(Object.fromEntries(feeds));
  await session.close();
  for (const [name, { dims, data }] of Object.entries(outputs)) {
    expect(actual[name]!.dims).toEqual(dims);
    const differences = data.map((value, at) => Math.abs(value - Number(actual[name]!.data[at])));
    expect(Math.max(...differences)).toBeLessThanOrEqual(file.tolerance);
  }
}

describe.each(converterFiles)("$name", (file) => {
  test.each([21, 17])("opset %i: the figures, and a file that gives TensorFlow's outputs", async (opset) => {
    const { json, text, bytes } = await exportModel(file.path, "--opset", String(opset));
    const { opsets, nodeCount } = readMetadata(bytes);
    expect(opsets).toEqual({ "": opset });
    expect(json).toStrictEqual({ opset, nodes: nodeCount, bytes: bytes.length, parity: { node: figures } });
    const { maxAbs, maxRel } = (json as { parity: { node: { maxAbs: number; maxRel: number } } }).parity.node;
    expect(maxAbs).toBeLessThanOrEqual(1e-5);
    expect(maxRel).toBeLessThanOrEqual(1e-4);
    expect(text).toContain(`m.onnx: ${nodeCount} nodes`);
    expect(readdirSync(folder.dir)).toEqual(["m.onnx"]);
    await expectTensorFlowAgrees(bytes, file);
  });
});

const layersFile = converterFiles.find(({ name }) => name === "sequence/layers")!;
const graphFile = converterFiles.find(({ name }) => name === "vision/graph")!;

test("the folder of model.json will do, opset 21 is the default, and the same model gives the same bytes", async () => {
  const first = await exportModel(layersFile.path);
  expect(first.json).toMatchObject({ opset: 21 });
  const again = await exportModel(path.dirname(layersFile.path));
  expect(again.bytes.equals(first.bytes)).toBe(true);
});

test("inspect shows the layers by name, in their order, with what they became", async () => {
  await exportModel(layersFile.path);
  const { code, json } = await folder.attune("inspect", "m.onnx");
  expect(code).toBe(0);
  const { scopes, inputs, outputs, issues } = json as {
    scopes: { scope: string; opCounts: Record<string, number>; parameterCount: number }[];
    inputs: unknown;
    outputs: unknown;
    issues: unknown;
  };
  expect(inputs).toEqual([{ name: "ids", dtype: "float32", dims: ["batch", 6] }]);
  expect(outputs).toEqual([{ name: "next", dtype: "float32", dims: ["batch", 3] }]);
  expect(issues).toEqual([]);
  expect(scopes.map(({ scope }) => scope)).toEqual([
    ...["embedding_1", "bidirectional", "bidirectional/forward_gru", "lstm", "next", ""],
  ]);
  const at = (name: string) => scopes.find(({ scope }) => scope === name)!;
  expect(at("embedding_1").parameterCount).toBe(20 * 6);
  expect(at("bidirectional").opCounts).toMatchObject({ GRU: 1 });
  expect(at("lstm").opCounts).toMatchObject({ LSTM: 1 });
  expect(at("next").opCounts).toEqual({ Gemm: 1, Softmax: 1 });
  const { printed } = await run(["inspect", "m.onnx"], folder.dir);
  expect(printed).toMatch(/│ lstm +│ \d+ +│ 300 +│ 1 kB +│ LSTM, /);
});

interface Json {
  modelTopology: {
    model_config: { config: { layers: { class_name: string; config: Record<string, unknown> }[] } };
    node: { name: string; op: string; input?: string[] }[];
  };
  weightsManifest?: { paths: string[] }[];
}

/** A fixture's folder as `model`, with its model.json changed. */
function copyModel(file: ConverterFile, change: (json: Json) => void = () => {}): void {
  cpSync(path.dirname(file.path), path.join(folder.dir, "model"), { recursive: true });
  const json: Json = JSON.parse(readFileSync(file.path, "utf8"));
  change(json);
  folder.write("model/model.json", JSON.stringify(json));
}

/** Runs a command that must fail; every file must be there as before. */
async function refuse(...argv: string[]): Promise<{ exit: number; code: string; message: string }> {
  const before = listFiles();
  const { code, json, text } = await folder.attune("export", ...argv);
  const { error } = json as { error: { code: string; message: string } };
  expect(text).toContain(`${error.code}: `);
  expect(listFiles()).toEqual(before);
  return { exit: code, code: error.code, message: error.message.replaceAll(folder.dir, ".") };
}

function listFiles(): Record<string, string> {
  const entries = readdirSync(folder.dir, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name));
  return Object.fromEntries(files.sort().map((file) => [file, readFileSync(file, "base64")]));
}

const target = ["--tfjs", "model", "--out", "m.onnx", "--no-web"] as const;

describe("words that do not go together", () => {
  test.each([
    [["--tfjs", "model"], "--tfjs needs --out FILE.onnx, the file to write"],
    [["--tfjs", "model", "--out", "model/model.json"], '--out must end in .onnx, not "model/model.json"'],
    [
      ["--tfjs", "model", "--out", "", "--triton", "--config", "here"],
      '--out must end in .onnx, not ""; --config has no effect with --tfjs; leave it out; --triton has no effect with --tfjs; leave it out',
    ],
    [
      ["--out", "m.onnx", "--opset", "17", "--no-web"],
      "--tfjs is missing, which --out, --opset, --no-web needs",
    ],
    [[...target, "--opset", "16"], '--opset must be a whole number from 17 to 21, not "16"'],
    [[...target, "--opset", "latest"], '--opset must be a whole number from 17 to 21, not "latest"'],
  ])("%j", async (argv, problem) => {
    copyModel(layersFile);
    expect(await refuse(...argv)).toEqual({
      exit: 2,
      code: "CLI_USAGE",
      message: `export: ${problem}; see \`attune export --help\``,
    });
  });
});

describe("a place that cannot be written is refused before the work", () => {
  beforeEach(() => copyModel(layersFile));

  test.each([
    ["none/m.onnx", "there is no folder ./none"],
    ["model/model.json/m.onnx", "there is no folder ./model/model.json"],
    ["model.onnx", "a folder of this name stands there"],
  ])("%s", async (out, reason) => {
    mkdirSync(path.join(folder.dir, "model.onnx"));
    const { exit, code, message } = await refuse("--tfjs", "model", "--out", out, "--no-web");
    expect([exit, code]).toEqual([1, "FILE_WRITE"]);
    expect(message).toContain(`cannot write ./${out}: ${reason}. Nothing was changed`);
  });

  // The superuser may write anywhere.
  test.runIf(process.getuid?.() !== 0)("a folder of somebody else", async () => {
    mkdirSync(path.join(folder.dir, "locked"), { mode: 0o500 });
    const { code, message } = await refuse("--tfjs", "model", "--out", "locked/m.onnx", "--no-web");
    expect(code).toBe("FILE_WRITE");
    expect(message).toContain("the folder ./locked is not yours to write");
  });
});

describe("a model that is not whole", () => {
  test.each<[name: string, damage: () => void, complaint: string]>([
    [
      "a topology without weights",
      () => copyModel(layersFile, (json) => delete json.weightsManifest),
      '"weightsManifest" is missing: the file has no weights. Save the model with them',
    ],
    [
      "a missing file and one from elsewhere",
      () =>
        copyModel(graphFile, ({ weightsManifest: [group] = [] }) =>
          group?.paths.splice(1, 2, "gone.bin", "../b.bin"),
        ),
      "weight file gone.bin cannot be read: ENOENT: no such file or directory\n" +
        "  - weight file ../b.bin lies outside the folder of model.json; put it beside model.json and write its file name in the manifest",
    ],
    [
      "a short file",
      () => {
        copyModel(graphFile);
        truncateSync(path.join(folder.dir, "model/group1-shard2of3.bin"), 4000);
      },
      "8600 bytes, but the weights take 8696 (96 too few); copy the files again, or save the model again",
    ],
    [
      "a file of noise",
      () => {
        copyModel(layersFile);
        folder.write("model/group1-shard1of1.bin", new Uint8Array(2728).fill(0xff));
      },
      "values NaN",
    ],
    [
      "text that is no JSON",
      () => {
        mkdirSync(path.join(folder.dir, "model"));
        folder.write("model/model.json", "weights");
      },
      "it is not JSON",
    ],
  ])("%s", async (_, damage, complaint) => {
    damage();
    const { exit, code, message } = await refuse(...target);
    expect([exit, code]).toEqual([1, "EXPORT_TFJS_MODEL"]);
    expect(message).toContain("./model/model.json cannot be loaded as a tfjs model:\n  - ");
    expect(message).toContain(complaint);
  });

  test("no model at all", async () => {
    const { exit, code, message } = await refuse(...target);
    expect([exit, code]).toEqual([1, "FILE_READ"]);
    expect(message).toBe("cannot read ./model: ENOENT: no such file or directory");
  });
});

describe("parts that ONNX cannot express: all of them, by name", () => {
  test("layers", async () => {
    copyModel(layersFile, ({ modelTopology }) => {
      const [ids, , both, lstm] = modelTopology.model_config.config.layers;
      ids!.config.batch_input_shape = [2, 6];
      (both!.config.layer as { config: Record<string, unknown> }).config.stateful = true;
      lstm!.config.stateful = true;
    });
    const { exit, code, message } = await refuse(...target);
    expect([exit, code]).toEqual([1, "TRACE_UNSUPPORTED"]);
    for (const place of ['GRU (in layer "bidirectional/forward_gru")', 'LSTM (in layer "lstm")'])
      expect(message).toContain(`\n  - ${place}: stateful: true keeps its states from call to call`);
  });

  test("nodes of a graph", async () => {
    copyModel(graphFile, ({ modelTopology }) => {
      for (const node of modelTopology.node)
        if (["LeakyRelu", "Softmax"].includes(node.op)) node.op = "Where";
    });
    const { exit, code, message } = await refuse(...target);
    expect([exit, code]).toEqual([1, "TRACE_UNSUPPORTED"]);
    for (const node of ["leaky_re_lu/LeakyRelu", "label/Softmax"])
      expect(message).toContain(`node "StatefulPartitionedCall/model/${node}" (Where): `);
  });
});

test("a file that was there before stays when the export fails, and is replaced when it does not", async () => {
  writeFileSync(path.join(folder.dir, "m.onnx"), "precious");
  copyModel(layersFile, (json) => delete json.weightsManifest);
  expect((await refuse(...target)).code).toBe("EXPORT_TFJS_MODEL");
  const { bytes } = await exportModel(layersFile.path);
  expect(readMetadata(bytes).graphName).toBe("model_3");
});
