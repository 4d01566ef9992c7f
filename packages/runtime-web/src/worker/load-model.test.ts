import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { isAttuneError } from "@attune/contracts";
import { seeded } from "@attune/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { memoryCacheStorage } from "../fixtures/memory-cache-storage.ts";
import type { ModelProgress } from "../protocol.ts";
import { fetchBytes } from "./fetch-bytes.ts";
import { loadModel } from "./load-model.ts";
import { createModelCache } from "./model-cache.ts";
import { sha256Hex } from "./sha256.ts";

const model = Uint8Array.from(seeded(5).uniform(200_000, 0, 256));
let sha256 = "";
let server: Server;
let origin = "";
let requestCount = 0;
let lastCacheControl: string | undefined;

beforeAll(async () => {
  sha256 = await sha256Hex(model);
  server = createServer((request, response) => {
    requestCount++;
    lastCacheControl = request.headers["cache-control"];
    if (request.url === "/model.onnx") response.setHeader("content-length", model.length).end(model);
    else if (request.url === "/chunked.onnx") {
      response.write(model.subarray(0, 1000));
      response.end(model.subarray(1000));
    } else if (request.url === "/gzip.onnx") {
      const body = gzipSync(model);
      response.setHeader("content-encoding", "gzip").setHeader("content-length", body.length).end(body);
    } else if (request.url === "/cut.onnx") {
      response.setHeader("content-length", model.length).write(model.subarray(0, 10));
      setImmediate(() => response.destroy());
    } else response.writeHead(503).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  requestCount = 0;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const silent = () => {};
const source = (name = "model.onnx") => ({ url: `${origin}/${name}`, sha256, cache: true });

describe("a download", () => {
  test.each([
    ["with a length", "model.onnx", 200_000],
    ["without a length", "chunked.onnx", undefined],
    ["compressed: the header's length is not the file's", "gzip.onnx", undefined],
  ])("%s reports rising progress", async (_, name, totalBytes) => {
    const steps: ModelProgress[] = [];
    const bytes = await fetchBytes(`${origin}/${name}`, { onProgress: (step) => steps.push(step) });
    expect(Buffer.from(bytes).equals(Buffer.from(model))).toBe(true);
    expect(steps.at(-1)).toEqual(
      totalBytes === undefined ? { loadedBytes: 200_000 } : { loadedBytes: 200_000, totalBytes },
    );
    expect(
      steps.every((step, index) => index === 0 || step.loadedBytes > steps[index - 1]!.loadedBytes),
    ).toBe(true);
  });

  test("the caller's length wins", async () => {
    const steps: ModelProgress[] = [];
    await fetchBytes(`${origin}/gzip.onnx`, { sizeBytes: 200_000, onProgress: (step) => steps.push(step) });
    expect(steps.at(-1)).toEqual({ loadedBytes: 200_000, totalBytes: 200_000 });
  });

  test.each([
    ["an HTTP error", () => `${origin}/nothing`, "HTTP 503"],
    ["a connection cut short", () => `${origin}/cut.onnx`, ""],
    ["nobody listening", () => "http://127.0.0.1:1/model.onnx", ""],
  ])("%s is RUNTIME_FETCH with the URL", async (_, url, words) => {
    const error = await fetchBytes(url()).catch((caught: unknown) => caught);
    if (!isAttuneError(error, "RUNTIME_FETCH")) throw error;
    expect(error.details.url).toBe(url());
    expect(error.message).toContain(words);
  });
});

describe("a model", () => {
  test("is refused when its sha256 is another, and not stored", async () => {
    const storage = memoryCacheStorage();
    const wrong = { ...source(), sha256: "0".repeat(64) };
    const error = await loadModel(wrong, createModelCache(storage), silent).catch(
      (caught: unknown) => caught,
    );
    if (!isAttuneError(error, "RUNTIME_HASH")) throw error;
    expect(error.details).toEqual({ url: wrong.url, expected: wrong.sha256, actual: sha256 });
    expect(storage.stored()).toEqual([]);
  });

  test("of an earlier release in the HTTP cache is no answer: the address is revalidated", async () => {
    await loadModel(source(), undefined, silent);
    expect(lastCacheControl).toBe("max-age=0");
  });

  test("is downloaded once and read from the cache after that", async () => {
    const storage = memoryCacheStorage();
    const cache = createModelCache(storage);
    await loadModel(source(), cache, silent);
    await vi.waitFor(() => expect(storage.stored()).toEqual([sha256]));
    const steps: ModelProgress[] = [];
    const again = await loadModel(source(), cache, (step) => steps.push(step));
    expect(Buffer.from(again).equals(Buffer.from(model))).toBe(true);
    expect(requestCount).toBe(1);
    expect(steps).toEqual([{ loadedBytes: 200_000, totalBytes: 200_000 }]);
  });

  test("is downloaded again when the cached bytes are damaged", async () => {
    const cache = createModelCache(memoryCacheStorage());
    await cache?.write(sha256, Uint8Array.of(1, 2, 3));
    await loadModel(source(), cache, silent);
    expect(requestCount).toBe(1);
  });

  test("is neither read nor stored when the caller wants no cache", async () => {
    const storage = memoryCacheStorage();
    const cache = createModelCache(storage);
    await cache?.write(sha256, model);
    await loadModel({ ...source(), cache: false }, cache, silent);
    expect(requestCount).toBe(1);
  });

  test.each([
    ["is missing", undefined],
    ["is forbidden", { open: () => Promise.reject(new DOMException("no", "SecurityError")) }],
  ])("loads where the cache %s", async (_, storage) => {
    const bytes = await loadModel(source(), createModelCache(storage), silent);
    expect(bytes).toHaveLength(200_000);
  });

  test("given as bytes is checked when a sha256 is given", async () => {
    expect(await loadModel({ bytes: model }, undefined, silent)).toBe(model);
    expect(await loadModel({ bytes: model, sha256 }, undefined, silent)).toHaveLength(200_000);
    const error = await loadModel({ bytes: Uint8Array.of(1), sha256 }, undefined, silent).catch(
      (e: unknown) => e,
    );
    expect(isAttuneError(error, "RUNTIME_HASH")).toBe(true);
    expect(requestCount).toBe(0);
  });
});

test("the cache keeps the latest four models", async () => {
  const storage = memoryCacheStorage();
  const cache = createModelCache(storage)!;
  for (const key of ["a", "b", "c", "d", "e", "f"]) await cache.write(key, Uint8Array.of(1));
  expect(storage.stored()).toEqual(["c", "d", "e", "f"]);
  expect(await cache.read("a")).toBeUndefined();
  expect(await cache.read("f")).toEqual(Uint8Array.of(1));
});

test("sha256 is the same with and without the platform's crypto", async () => {
  // The first vector of FIPS 180-4.
  const abc = new TextEncoder().encode("abc");
  const expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  expect(await sha256Hex(abc)).toBe(expected);
  vi.stubGlobal("crypto", undefined);
  try {
    expect(await sha256Hex(abc)).toBe(expected);
    expect(await sha256Hex(model)).toBe(sha256);
  } finally {
    vi.unstubAllGlobals();
  }
});
