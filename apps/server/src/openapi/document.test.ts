import { tinyPredictCases } from "@attune/testkit";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { ask, get, sharedServer, startServer, temporaryFolder } from "../testing/harness.ts";

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly responses: Record<
    string,
    { description: string; headers?: object; content?: Record<string, { schema: object }> }
  >;
  readonly requestBody?: {
    readonly content: Record<string, { readonly examples: Record<string, { readonly value: unknown }> }>;
  };
}

interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Record<string, { readonly get?: Operation; readonly post?: Operation }>;
  readonly components: { readonly schemas: Record<string, object> };
}

const server = sharedServer();
const predicting = sharedServer(tinyPredictCases[0]!.artifact);

async function read() {
  const { body } = await get<Document>(server(), "/openapi.json");
  const operations = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  return { document: body, operations };
}

test("describes every route of its model once, with an id, a summary and its failures", async () => {
  const { document, operations } = await read();
  expect(document.openapi).toBe("3.1.0");
  expect(document.info.version).toMatch(/^\d+\.\d+\.\d+/);
  expect(operations.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([
    "get /artifact/items.json",
    "get /artifact/manifest.json",
    "get /artifact/model.onnx",
    "get /artifact/{sha256}/items.json",
    "get /artifact/{sha256}/manifest.json",
    "get /artifact/{sha256}/model.onnx",
    "get /healthz",
    "get /readyz",
    "get /v1/items",
    "get /v1/model",
    "post /v1/recommend",
  ]);
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { operation } of operations) {
    expect(operation.summary).not.toBe("");
    for (const [status, { description }] of Object.entries(operation.responses)) {
      expect(status).toMatch(/^[2345]\d\d$/);
      expect(description).not.toBe("");
    }
  }
  const { responses } = document.paths["/v1/recommend"]!.post!;
  expect(responses["400"]!.description).toContain("REQUEST_INVALID");
  const statuses = ["200", "400", "401", "403", "404", "405", "413", "415", "429", "500", "503"];
  expect(Object.keys(responses)).toEqual(statuses);
  expect(Object.keys(responses["503"]!.headers!)).toEqual(["retry-after"]);
  expect(Object.keys(responses["200"]!.headers!)).toEqual(["x-attune-model"]);
});

test("every reference leads to a component, and every component is a schema", async () => {
  const { document } = await read();
  const ajv = new Ajv2020({ strict: false });
  const named = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
  expect(named.length).toBeGreaterThan(10);
  for (const [, name = ""] of named) expect(document.components.schemas).toHaveProperty(name);
  for (const schema of Object.values(document.components.schemas)) {
    expect(ajv.validateSchema(schema)).toBe(true);
  }
});

test("before a model answers it describes every route, with the bounds that all models share", async () => {
  const own = await startServer({ artifactDir: await temporaryFolder() });
  await expect(own.ready).rejects.toThrow();
  const { body } = await get<Document>(own, "/openapi.json");
  expect(Object.keys(body.paths)).toEqual(
    expect.arrayContaining(["/v1/recommend", "/v1/predict", "/v1/items", "/artifact/items.json"]),
  );
  expect(body.components.schemas.RecommendRequest).toMatchObject({
    properties: { k: { type: "integer", minimum: 1 } },
  });
  expect(JSON.stringify(body.components.schemas.RecommendRequest)).not.toContain("maxItems");
});

test("a model of rows has its own route, its columns, and its kind of answer", async () => {
  const { body } = await get<Document>(predicting(), "/openapi.json");
  expect(body.paths).toHaveProperty("/v1/predict");
  expect(body.paths).not.toHaveProperty("/v1/recommend");
  const { PredictRequest, Prediction } = body.components.schemas;
  expect(PredictRequest).toMatchObject({
    properties: {
      inputs: { additionalProperties: false, properties: { age: { type: ["number", "null"] } } },
    },
  });
  expect(Prediction).toEqual({ $ref: "#/components/schemas/Classification" });
});

test("every documented GET without parameters answers as documented", async () => {
  const { operations } = await read();
  for (const { path, method, operation } of operations) {
    if (method !== "get" || path.includes("{")) continue;
    const response = await fetch(`${server().url}${path}`);
    await response.arrayBuffer();
    const documented = operation.responses[String(response.status)];
    expect(documented, `${path} answered ${response.status}`).toBeDefined();
    const type = response.headers.get("content-type")!.split(";")[0]!;
    expect(Object.keys(documented!.content!), path).toContain(type);
  }
});

test.each([
  ["/v1/recommend", server],
  ["/v1/predict", predicting],
])("the examples of %s are answered by a model of its task", async (path, asked) => {
  const { body: document } = await get<Document>(asked(), "/openapi.json");
  const examples = document.paths[path]!.post!.requestBody!.content["application/json"]!.examples;
  expect(Object.keys(examples)).toHaveLength(2);
  for (const { value } of Object.values(examples)) {
    expect((await ask(asked(), value, path)).status).toBe(200);
  }
});

test("the page at /docs shows the same document", async () => {
  const { document } = await read();
  expect((await get(server(), "/docs/json")).body).toEqual(document);
});

test("the page at /docs loads its own files under a policy without other hosts", async () => {
  const page = await fetch(`${server().url}/docs/`);
  expect(page.status).toBe(200);
  const policy = page.headers.get("content-security-policy");
  expect(policy).toContain("default-src 'self'");
  expect(policy).not.toContain("http");
  const html = await page.text();
  const scripts = [...html.matchAll(/<script src="([^"]+)"/g)].map(([, src]) => new URL(src!, page.url));
  expect(scripts.length).toBeGreaterThan(1);
  for (const url of scripts) expect((await fetch(url)).status).toBe(200);
});
