import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { tinyArtifact, tinyPredictCases } from "@attune/testkit";
import { describe, expect, test } from "vitest";
import {
  artifactFolder,
  type ErrorAnswer,
  get,
  sharedServer,
  startReadyServer,
  temporaryFolder,
} from "./testing/harness.ts";

const artifact = tinyArtifact();
const server = sharedServer();
const modelSha256 = artifact.manifest.files["model.onnx"]!.sha256;

describe("GET /v1/model", () => {
  test("says which model answers and how far it is from the trainer here", async () => {
    const { status, body } = await get(server(), "/v1/model");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      manifest: JSON.parse(JSON.stringify(artifact.manifest)),
      sha256: modelSha256,
      runtime: { name: "onnxruntime-node" },
      parity: { runtime: "onnxruntime-node", rows: artifact.golden.rows.length, sameAnswer: 1 },
    });
  });
});

describe("GET /v1/items", () => {
  test("searches titles, gives the first ones without a query, and looks ids up in order", async () => {
    const found = await get(server(), "/v1/items?query=ZANR&limit=1");
    expect(found.body).toEqual({ items: [{ id: "žánr-4", title: "Title of žánr-4" }], unknown: [] });
    const first = await get<{ items: unknown[] }>(server(), "/v1/items");
    expect(first.body.items).toHaveLength(12);
    const byId = await get(server(), "/v1/items?ids=item-2,nobody,item-0");
    expect(byId.body).toMatchObject({ items: [{ id: "item-2" }, { id: "item-0" }], unknown: ["nobody"] });
  });

  test.each([
    ["limit=0", /limit: expected an integer from 1 to 200/],
    ["limit=abc", /limit/],
    ["limit=1&limit=2", /limit/],
    ["query=a&query=b", /query: expected one text/],
    [`query=${"x".repeat(201)}`, /query: .*200 characters/],
    ["sort=title", /sort: unknown/],
    [`ids=${"a,".repeat(300)}`, /ids: 301 ids, at most 200/],
  ])("refuses ?%s", async (query, message) => {
    const { status, body } = await get<ErrorAnswer>(server(), `/v1/items?${query}`);
    expect(status).toBe(400);
    expect(body.error).toMatchObject({
      code: "SERVER_QUERY_INVALID",
      message: expect.stringMatching(message),
    });
  });

  test("is 404 for an artifact without an items table", async () => {
    const { "items.json": _, ...listed } = artifact.manifest.files;
    const manifest = { ...artifact.manifest, files: listed };
    const { "items.json": _items, ...files } = artifact.files;
    const bytes = new TextEncoder().encode(JSON.stringify(manifest));
    const artifactDir = await artifactFolder({ ...artifact, files: { ...files, "manifest.json": bytes } });
    const own = await startReadyServer({ artifactDir });
    expect((await get<ErrorAnswer>(own, "/v1/items")).status).toBe(404);
    expect((await get<ErrorAnswer>(own, "/artifact/items.json")).status).toBe(404);
  });
});

describe("GET /artifact/…", () => {
  test("model, manifest and items are public under two addresses; golden rows and report are not", async () => {
    for (const name of ["model.onnx", "manifest.json", "items.json"]) {
      for (const path of [`/artifact/${name}`, `/artifact/${modelSha256}/${name}`]) {
        const response = await fetch(`${server().url}${path}`);
        expect([path, response.status]).toEqual([path, 200]);
        expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from(artifact.files[name]!));
      }
    }
    for (const name of ["golden.json", "report.html", "README.md", "..%2fsecret"]) {
      const { status, body } = await get<ErrorAnswer>(server(), `/artifact/${name}`);
      expect([name, status, body.error.code]).toEqual([name, 404, "SERVER_NOT_FOUND"]);
    }
  });

  test("the public part of the document names no other file", async () => {
    const { body } = await get<{ paths: object }>(server(), "/openapi.json");
    const paths = Object.keys(body.paths).filter((path) => path.startsWith("/artifact/"));
    expect(paths.filter((path) => !/(model\.onnx|manifest\.json|items\.json)$/.test(path))).toEqual([]);
    expect(paths).toHaveLength(6);
  });
});

describe("the page", () => {
  test("without assets, / says what there is", async () => {
    const response = await fetch(server().url);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const text = await response.text();
    expect(text).toContain('href="/docs"');
    expect(text).toContain("<strong>tiny</strong>, version 1, a model of the task recommend");
    expect(response.headers.get("content-security-policy")).toContain("script-src 'self' 'wasm-unsafe-eval'");
  });

  test("with assets, serves them with their types, a policy that lets WebAssembly and workers run, and caching by hash", async () => {
    // A parent of that name must not make its plain names immutable.
    const assetsDir = join(await temporaryFolder(), "assets");
    await mkdir(join(assetsDir, "assets"), { recursive: true });
    await writeFile(join(assetsDir, "attune-recommendations.js"), "export {};");
    await writeFile(join(assetsDir, "index.html"), "<!doctype html><title>Demo</title>");
    await writeFile(join(assetsDir, "assets", "demo-Bx3kP9_a.js"), "export {};");
    await writeFile(join(assetsDir, "assets", "ort-4fK2mNq8.wasm"), "\0asm");
    await writeFile(join(assetsDir, "assets", "ort-4fK2mNq8.wasm.br"), brotliCompressSync("\0asm"));
    await writeFile(join(assetsDir, ".env"), "secret");
    const own = await startReadyServer({ assetsDir });
    const page = await fetch(own.url);
    expect(await page.text()).toContain("<title>Demo</title>");
    expect(page.headers.get("cache-control")).toBe("no-cache");
    const policy = page.headers.get("content-security-policy");
    for (const directive of [
      "script-src 'self' 'wasm-unsafe-eval'",
      "worker-src 'self' blob:",
      "style-src 'self' 'unsafe-inline'",
      "connect-src 'self'",
    ]) {
      expect(policy?.split("; ")).toContain(directive);
    }
    const script = await fetch(`${own.url}/assets/demo-Bx3kP9_a.js`);
    expect(script.headers.get("content-type")).toMatch(/^(text|application)\/javascript/);
    expect(script.headers.get("cache-control")).toContain("immutable");
    const element = await fetch(`${own.url}/attune-recommendations.js`);
    expect(element.headers.get("cache-control")).toBe("no-cache");
    const wasm = await fetch(`${own.url}/assets/ort-4fK2mNq8.wasm`, { headers: { "accept-encoding": "br" } });
    expect(wasm.headers.get("content-type")).toBe("application/wasm");
    expect(await wasm.text()).toBe("\0asm");
    // What the build compressed is sent compressed, and cached as the file that it is.
    expect(wasm.headers.get("content-encoding")).toBe("br");
    expect(wasm.headers.get("vary")).toBe("accept-encoding");
    expect(wasm.headers.get("cache-control")).toContain("immutable");
    expect(script.headers.get("content-encoding")).toBeNull();
    for (const path of ["/.env", "/assets/missing.js", "/..%2f..%2fetc%2fpasswd", "/assets/"]) {
      expect((await get<ErrorAnswer>(own, path)).body.error.code).toBe("SERVER_NOT_FOUND");
    }
  });
});

test("the demo asks for recommendations, so with a model of another task the page is a plain one", async () => {
  const assetsDir = await temporaryFolder();
  await writeFile(join(assetsDir, "index.html"), "<!doctype html><title>Demo</title>");
  const artifactDir = await artifactFolder(tinyPredictCases[0]!.artifact);
  const own = await startReadyServer({ assetsDir, artifactDir });
  const page = await fetch(own.url);
  expect(page.headers.get("content-security-policy")).toContain("default-src 'self'");
  const text = await page.text();
  expect(text).toContain("a model of the task classify");
  expect(text).not.toContain("Demo");
});

describe("every answer", () => {
  test("echoes a harmless request id and replaces any other", async () => {
    const idFor = async (id: string) =>
      (await get(server(), "/healthz", { headers: { "x-request-id": id } })).headers.get("x-request-id");
    expect(await idFor("trace-1.2:3")).toBe("trace-1.2:3");
    expect(await idFor("<script>")).toMatch(/^[0-9a-f-]{36}$/);
    expect(await idFor("x".repeat(500))).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("says 404 for an unknown route and 405 for another method, with what is allowed", async () => {
    const missing = await get<ErrorAnswer>(server(), "/v3/recommend?user=anna");
    expect(missing.status).toBe(404);
    expect(missing.body.error).toMatchObject({
      code: "SERVER_NOT_FOUND",
      message: "no route GET /v3/recommend; see /openapi.json",
    });
    expect(missing.headers.get("x-content-type-options")).toBe("nosniff");
    const wrong = await get<ErrorAnswer>(server(), "/v1/recommend", { method: "DELETE" });
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get("allow")).toBe("POST");
    expect(wrong.body.error.code).toBe("SERVER_METHOD");
    expect((await get<ErrorAnswer>(server(), "/%ff")).body.error.code).toBe("SERVER_NOT_FOUND");
  });
});

test("a path that looks like a route pattern is a 404, not a 500", async () => {
  for (const path of ["/:a(", "/artifact/:name((", "/*", "/:a(^a+$)"]) {
    const { status, body } = await get<ErrorAnswer>(server(), path, { method: "POST" });
    expect([path, status, body.error.code]).toEqual([path, 404, "SERVER_NOT_FOUND"]);
  }
});
