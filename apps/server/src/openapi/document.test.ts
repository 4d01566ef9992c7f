import { tinyPredictCases } from "@attune/testkit";
import { expect, test } from "vitest";
import { ask, get, sharedServer } from "../testing/harness.ts";

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
  readonly requestBody?: {
    readonly content: Record<string, { readonly examples: Record<string, { readonly value: unknown }> }>;
  };
}

interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Record<string, { readonly get?: Operation; readonly post?: Operation }>;
}

const server = sharedServer();

async function read() {
  const { body } = await get<Document>(server(), "/openapi.json");
  const operations = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  return { document: body, operations };
}

test("describes every public route once, with an id, a summary and its failures", async () => {
  const { document, operations } = await read();
  expect(document.openapi).toBe("3.1.0");
  expect(document.info.version).toMatch(/^\d+\.\d+\.\d+/);
  expect(operations.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([
    "get /artifact/golden.json",
    "get /artifact/items.json",
    "get /artifact/manifest.json",
    "get /artifact/model.onnx",
    "get /artifact/report.html",
    "get /healthz",
    "get /metrics",
    "get /readyz",
    "get /v1/items",
    "get /v1/model",
    "post /v1/predict",
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
  const recommend = document.paths["/v1/recommend"]!.post!;
  expect(recommend.responses["400"]!.description).toContain("REQUEST_INVALID");
  expect(Object.keys(recommend.responses)).toEqual(["200", "400", "404", "405", "413", "415", "500", "503"]);
});

test("has no reference that leads nowhere", async () => {
  const { document } = await read();
  expect(JSON.stringify(document)).not.toContain('"$ref"');
});

test("every documented GET without parameters answers as documented", async () => {
  const { operations } = await read();
  for (const { path, method, operation } of operations) {
    if (method !== "get") continue;
    const response = await fetch(`${server().url}${path}`);
    await response.arrayBuffer();
    const documented = operation.responses[String(response.status)];
    expect(documented, `${path} answered ${response.status}`).toBeDefined();
    const type = response.headers.get("content-type")!.split(";")[0]!;
    expect(Object.keys(documented!.content!), path).toContain(type);
  }
});

const predicting = sharedServer(tinyPredictCases[0]!.artifact);

test.each([
  ["/v1/recommend", server],
  ["/v1/predict", predicting],
])("the examples of %s are answered by a model of its task", async (path, asked) => {
  const { document } = await read();
  const examples = document.paths[path]!.post!.requestBody!.content["application/json"]!.examples;
  expect(Object.keys(examples)).toHaveLength(2);
  for (const { value } of Object.values(examples)) {
    expect((await ask(asked(), value, path)).status).toBe(200);
  }
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
