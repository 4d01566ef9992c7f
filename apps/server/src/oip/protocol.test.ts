/** What the protocol's own document promises: every answer fits its schema, whatever was asked and however. */
import { contextualCatalogue, strings, tinyArtifact, tinyPredictCases } from "@attune/testkit";
import { describe, expect, test } from "vitest";
import { type OipApp, sharedApp } from "./testing/oip-app.ts";
import { askBinary, askJson, outputValues, postInfer, readAnswer } from "./testing/oip-client.ts";
import { type ProtocolSchema, protocolProblems } from "./testing/protocol-schemas.ts";
import { tensorsOfHistories, tensorsOfRows } from "./testing/tensors-of.ts";

const artifacts = [
  ["recommend", tinyArtifact((same) => same, contextualCatalogue())],
  ...tinyPredictCases.map(({ task, artifact }) => [task, artifact] as const),
] as const;

async function getJson(url: string, init?: RequestInit) {
  const response = await fetch(url, init);
  const text = await response.text();
  const body: unknown = text === "" ? undefined : JSON.parse(text);
  return { status: response.status, headers: response.headers, body };
}

function tensorsFor({ version: { manifest } }: OipApp) {
  return manifest.task === "recommend"
    ? tensorsOfHistories([{ history: ["item-0"], k: 3 }], manifest)
    : tensorsOfRows([{ inputs: {} }], manifest.inputs);
}

describe.each(artifacts)("%s", (_, artifact) => {
  const app = sharedApp(artifact);

  test.each<[string, ProtocolSchema]>([
    ["/v2", "metadata_server_response"],
    ["/v2/", "metadata_server_response"],
    ["/v2/models/tiny", "metadata_model_response"],
    ["/v2/models/tiny/versions/1", "metadata_model_response"],
    ["/v2/models/nobody", "inference_error_response"],
    ["/v2/models/tiny/versions/2", "inference_error_response"],
    ["/v2/models/tiny/infer", "inference_error_response"],
    ["/v2/nothing", "inference_error_response"],
  ])("GET %s fits %s", async (path, schema) => {
    const { body } = await getJson(`${app().url}${path}`);
    expect(protocolProblems(schema, body)).toEqual([]);
  });

  test("metadata says names, datatypes and shapes of the signature", async () => {
    const { signature } = app().version.manifest;
    const { body } = await getJson(`${app().url}/v2/models/tiny`);
    const datatypes = { string: "BYTES", float32: "FP32", float64: "FP64", int64: "INT64" };
    const describeTensor = ({ name, dtype, dims }: (typeof signature.inputs)[number]) => ({
      name,
      datatype: datatypes[dtype as keyof typeof datatypes],
      shape: dims.map((dim) => (typeof dim === "number" ? dim : -1)),
    });
    expect(body).toMatchObject({
      name: "tiny",
      platform: "onnx_onnxv1",
      versions: ["1"],
      inputs: signature.inputs.map(describeTensor),
      outputs: signature.outputs.map(describeTensor),
      properties: { task: app().version.manifest.task, sha256: app().version.sha256 },
    });
  });

  test("an answer in JSON fits the schema, and has the outputs of the metadata", async () => {
    const { status, headers, body } = await askJson(app(), tensorsFor(app()), { id: "42" });
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("application/json");
    expect(protocolProblems("inference_response", body)).toEqual([]);
    expect(body).toMatchObject({ model_name: "tiny", model_version: "1", id: "42" });
    expect(body.outputs!.map(({ name }) => name)).toEqual(
      app().version.manifest.signature.outputs.map(({ name }) => name),
    );
  });

  test("binary sizes add up to what follows the JSON", async () => {
    const { status, headers, body, binary } = await askBinary(app(), tensorsFor(app()));
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("application/octet-stream");
    expect(headers.get("content-length")).toBe(
      String(Number(headers.get("inference-header-content-length")) + binary.length),
    );
    const sizes = body.outputs!.map(({ parameters }) => parameters!.binary_data_size!);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(binary.length);
    expect(body.outputs!.every((output) => !("data" in output))).toBe(true);
  });

  test("the configuration has what perf_analyzer reads", async () => {
    const { body } = await getJson(`${app().url}/v2/models/tiny/config`);
    const { signature } = app().version.manifest;
    const config = body as {
      max_batch_size: number;
      input: readonly { name: string; data_type: string; dims: readonly number[]; optional: boolean }[];
      output: readonly object[];
    };
    expect(config).toMatchObject({
      name: "tiny",
      platform: "onnxruntime_onnx",
      backend: "onnxruntime",
      model_transaction_policy: { decoupled: false },
    });
    // It takes the first dim of the metadata off where batches are the server's.
    const metadata = (await getJson(`${app().url}/v2/models/tiny`)).body as {
      inputs: readonly { name: string; shape: readonly number[] }[];
    };
    expect(config.input.map(({ name, dims }) => ({ name, dims }))).toEqual(
      metadata.inputs.map(({ name, shape }) => ({
        name,
        dims: config.max_batch_size > 0 ? shape.slice(1) : shape,
      })),
    );
    expect(config.output).toHaveLength(signature.outputs.length);
    expect(config.input.filter(({ optional }) => !optional).map(({ name }) => name)).toEqual(
      app().version.manifest.task === "recommend" ? ["history"] : [],
    );
  });
});

describe("the server", () => {
  const app = sharedApp();

  test("health is told by status, and by the words of those who read bodies", async () => {
    const { url } = app();
    expect(await getJson(`${url}/v2/health/live`)).toMatchObject({ status: 200, body: { live: true } });
    expect(await getJson(`${url}/v2/health/ready`)).toMatchObject({ status: 200, body: { ready: true } });
    const ready = { status: 200, body: { name: "tiny", ready: true } };
    expect(await getJson(`${url}/v2/models/tiny/ready`)).toMatchObject(ready);
    expect(await getJson(`${url}/v2/models/tiny/versions/1/ready`)).toMatchObject(ready);
    expect(await getJson(`${url}/v2/models`)).toMatchObject({ status: 200, body: { models: ["tiny"] } });
  });

  test("every extension that is announced has its routes", async () => {
    const { body } = await getJson(`${app().url}/v2`);
    expect(body).toMatchObject({
      name: "attune",
      extensions: ["binary_tensor_data", "model_configuration", "parameters", "statistics"],
    });
  });

  test.each(["01", "0", "-1", "1.0", "v1", "9007199254740993", "%31x"])(
    "a version %s is not there",
    async (version) => {
      const { status, body } = await getJson(`${app().url}/v2/models/tiny/versions/${version}/ready`);
      expect(status).toBe(404);
      expect(protocolProblems("inference_error_response", body)).toEqual([]);
    },
  );

  test.each([
    ["GET", "/v2/models/tiny/infer", "POST"],
    ["DELETE", "/v2/models/tiny/versions/1/infer", "POST"],
    ["POST", "/v2/models/tiny", "GET, HEAD"],
    ["POST", "/v2/models/tiny/config", "GET, HEAD"],
    ["PUT", "/v2/health/live", "GET, HEAD"],
    ["PROPFIND", "/v2", "GET, HEAD"],
  ])("%s %s is not allowed, and it says what is", async (method, path, allow) => {
    const { status, headers, body } = await getJson(`${app().url}${path}`, { method });
    expect(status).toBe(405);
    expect(headers.get("allow")).toBe(allow);
    expect(protocolProblems("inference_error_response", body)).toEqual([]);
  });

  test.each([
    ["none", undefined],
    ["text/html", "text/html"],
    ["octets", "application/octet-stream"],
    ["JSON", "application/json; charset=utf-8"],
    ["a form", "application/x-www-form-urlencoded"],
    ["nonsense", "garbage"],
  ])("the content type does not matter: %s", async (_, type) => {
    const body = JSON.stringify({
      inputs: [{ name: "history", shape: [1, 0], datatype: "BYTES", data: [] }],
    });
    const { status } = await postInfer(app(), body, type === undefined ? {} : { "content-type": type });
    expect(status).toBe(200);
  });

  test("an answer without an id of the caller's has one", async () => {
    const { body } = await askJson(app(), { history: strings([], [1, 0]) });
    expect(body.id).toMatch(/^[\w-]{8,}$/);
  });

  test("outputs come as they were asked for: some, in their order, each in its form", async () => {
    const outputs = [{ name: "scores", parameters: { binary_data: true } }, { name: "items" }];
    const answer = await askJson(app(), { history: strings(["item-3"], [1, 1]) }, { outputs });
    expect(answer.body.outputs!.map(({ name, parameters }) => [name, parameters?.binary_data_size])).toEqual([
      ["scores", 40],
      ["items", undefined],
    ]);
    expect(outputValues(answer).scores).toHaveLength(10);
    const parameters = { binary_data_output: true };
    const some = [{ name: "unknown", parameters: { binary_data: false } }, { name: "source" }];
    const mixed = await askJson(
      app(),
      { history: strings(["item-3"], [1, 1]) },
      { outputs: some, parameters },
    );
    expect(mixed.body.outputs!.map(({ data }) => data)).toEqual([[0], undefined]);
    const all = await askJson(app(), { history: strings(["item-3"], [1, 1]) }, { outputs: [] });
    expect(all.body.outputs).toHaveLength(4);
  });

  test("nested data is the same question as flat data", async () => {
    const ask = (data: unknown) =>
      postInfer(
        app(),
        JSON.stringify({ inputs: [{ name: "history", shape: [2, 2], datatype: "BYTES", data }] }),
      );
    const flat = await ask(["item-1", "item-2", "item-3", ""]);
    const nested = await ask([
      ["item-1", "item-2"],
      ["item-3", ""],
    ]);
    expect(nested.body.outputs).toEqual(flat.body.outputs);
  });

  test("what a client adds beside the protocol is ignored", async () => {
    const tensors = { history: strings(["item-1"], [1, 1]) };
    const plain = await askJson(app(), tensors);
    const rest = { model_name: "tiny", parameters: { priority: 1, top_k: 3, routing_key: "somebody" } };
    const more = await askJson(app(), tensors, rest);
    expect(more.body.outputs).toEqual(plain.body.outputs);
  });

  test("HEAD is GET without a body", async () => {
    const response = await fetch(`${app().url}/v2/health/ready`, { method: "HEAD" });
    expect(response.status).toBe(200);
  });

  test("an empty body is told as such", async () => {
    const response = await fetch(`${app().url}/v2/models/tiny/infer`, { method: "POST" });
    const { status, body } = await readAnswer(response);
    expect([status, body.error]).toEqual([400, "the body is not valid JSON: it is empty"]);
    expect(response.headers.get("x-attune-error")).toBe("SERVER_BODY_INVALID");
  });
});
