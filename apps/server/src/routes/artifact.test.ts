// The routes of files on a bare app: form by negotiation, tags, ranges, caching, and what is not public.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { appendFile } from "node:fs/promises";
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { httpStatus, isAttuneError } from "@attune/contracts";
import { tinyArtifact } from "@attune/testkit";
import { type FastifyInstance, fastify } from "fastify";
import { describe, expect, onTestFinished, test } from "vitest";
import { readServedFiles, type ServedFiles } from "../files/served-files.ts";
import { artifactFolder } from "../testing/artifact-folder.ts";
import { type ArtifactSource, addArtifactRoutes } from "./artifact.ts";

const immutable = "public, max-age=31536000, immutable";
const plain = tinyArtifact();
const model = Buffer.from(plain.files["model.onnx"]!);
const modelSha256 = plain.manifest.files["model.onnx"]!.sha256;

/** The tiny artifact with its model compressed, as an export writes it. */
function compressed(version = 1, br: Uint8Array = brotliCompressSync(model)) {
  const forms = { "model.onnx.br": br, "model.onnx.gz": gzipSync(model) };
  const listed = Object.fromEntries(
    Object.entries(forms).map(([name, bytes]) => [name, { sha256: sha256Of(bytes), bytes: bytes.length }]),
  );
  const artifact = tinyArtifact((manifest) => ({
    ...manifest,
    version,
    files: { ...manifest.files, ...listed },
  }));
  const files: Readonly<Record<string, Uint8Array>> = { ...artifact.files, ...forms };
  return { ...artifact, files };
}

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Site {
  readonly dir: string;
  readonly files: ServedFiles;
  readonly port: number;
  /** As it comes from the socket: nothing is decompressed. */
  get(path: string, headers?: Record<string, string>, method?: string): Promise<Answer>;
}

async function startSite(
  artifact = compressed(),
  more: Partial<ArtifactSource> = {},
  prepare: (app: FastifyInstance) => void = () => {},
): Promise<Site> {
  const dir = await artifactFolder(artifact);
  const files = await readServedFiles(dir, artifact.manifest);
  const app: FastifyInstance = fastify();
  // As the server does it: the schemas are for the document only.
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.setErrorHandler((error, _, reply) => {
    if (!isAttuneError(error)) throw error;
    return reply.status(httpStatus(error.code)).type("application/json").send({ error: error.toJSON() });
  });
  prepare(app);
  addArtifactRoutes(app, {
    current: () => files,
    bySha256: (sha256) => (sha256 === files.sha256 ? files : undefined),
    ...more,
  });
  await app.listen({ port: 0 });
  onTestFinished(async () => {
    await app.close();
    await files.close();
  });
  const { port } = app.server.address() as AddressInfo;
  return { dir, files, port, get: (path, headers = {}, method = "GET") => ask(port, path, headers, method) };
}

function ask(port: number, path: string, headers: Record<string, string>, method: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port, path, headers, method, agent: false }, (response) => {
      response
        .toArray()
        .then((chunks) => {
          const { statusCode = 0, headers: sent } = response;
          resolve({ status: statusCode, headers: sent, body: Buffer.concat(chunks) });
        })
        .catch(reject);
    });
    request.on("error", reject).end();
  });
}

describe("the form of a file", () => {
  test.each([
    ["gzip, deflate, br", "br", brotliDecompressSync],
    ["gzip", "gzip", gunzipSync],
    ["identity", undefined, (bytes: Buffer) => bytes],
    ["br;q=0.2, gzip;q=0.8", "gzip", gunzipSync],
  ] as const)("for %s is %s, with a tag of its own", async (accepted, coding, decode) => {
    const { get } = await startSite();
    const { status, headers, body } = await get("/artifact/model.onnx", { "accept-encoding": accepted });
    expect(status).toBe(200);
    expect(headers["content-encoding"]).toBe(coding);
    expect(headers["content-type"]).toBe("application/octet-stream");
    expect(headers.vary).toBe("accept-encoding");
    expect(headers["content-length"]).toBe(String(body.length));
    expect(headers.etag).toBe(`"${sha256Of(body)}"`);
    expect(decode(body)).toEqual(model);
  });

  test("is plain for callers that name none, and where the export left none", async () => {
    const { get } = await startSite();
    const { headers, body } = await get("/artifact/model.onnx");
    expect(headers["content-encoding"]).toBeUndefined();
    expect(headers.vary).toBe("accept-encoding");
    expect(headers.etag).toBe(`"${modelSha256}"`);
    expect(body).toEqual(model);
    const items = await get("/artifact/items.json", { "accept-encoding": "br, gzip" });
    expect(items.headers["content-encoding"]).toBeUndefined();
    expect(items.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(items.body).toEqual(Buffer.from(plain.files["items.json"]!));
  });

  test("is not sent to whoever has that very form", async () => {
    const { get } = await startSite();
    const forms = ["br", "gzip", "identity"];
    const tags = await Promise.all(
      forms.map(
        async (form) => (await get("/artifact/model.onnx", { "accept-encoding": form })).headers.etag!,
      ),
    );
    expect(new Set(tags).size).toBe(3);
    for (const [at, form] of forms.entries()) {
      for (const [other, tag] of tags.entries()) {
        const headers = { "accept-encoding": form, "if-none-match": `"x", W/${tag}` };
        const { status, body, headers: sent } = await get("/artifact/model.onnx", headers);
        expect([form, tag, status]).toEqual([form, tag, other === at ? 304 : 200]);
        expect(sent).toMatchObject({ etag: tags[at], vary: "accept-encoding" });
        if (status === 304) expect(body).toHaveLength(0);
      }
    }
    expect((await get("/artifact/model.onnx", { "if-none-match": "*" })).status).toBe(304);
  });

  test("HEAD says what GET would send, and sends nothing", async () => {
    const { get } = await startSite();
    for (const form of ["br", "identity"]) {
      const head = await get("/artifact/model.onnx", { "accept-encoding": form, range: "bytes=0-1" }, "HEAD");
      const whole = await get("/artifact/model.onnx", { "accept-encoding": form });
      const { date: _a, connection: _c, ...expected } = whole.headers;
      expect(head.status).toBe(200);
      expect(head.headers).toMatchObject(expected);
      expect(head.body).toHaveLength(0);
    }
  });
});

describe("a range", () => {
  test("is of the plain file, whatever codings are accepted", async () => {
    const { get } = await startSite();
    const { status, headers, body } = await get("/artifact/model.onnx", {
      range: "bytes=10-19",
      "accept-encoding": "br, gzip",
    });
    expect(status).toBe(206);
    expect(headers["content-range"]).toBe(`bytes 10-19/${model.length}`);
    expect(headers["content-length"]).toBe("10");
    expect(headers["content-encoding"]).toBeUndefined();
    expect(headers.etag).toBe(`"${modelSha256}"`);
    expect(body).toEqual(model.subarray(10, 20));
    const tail = await get("/artifact/model.onnx", { range: "bytes=-5" });
    expect(tail.body).toEqual(model.subarray(-5));
  });

  test("resumes a download: parts put together are the file", async () => {
    const { get } = await startSite();
    const parts: Buffer[] = [];
    for (let start = 0; start < model.length; start += 1000) {
      const range = `bytes=${start}-${start + 999}`;
      parts.push((await get("/artifact/model.onnx", { range, "if-range": `"${modelSha256}"` })).body);
    }
    expect(sha256Of(Buffer.concat(parts))).toBe(modelSha256);
  });

  test.each([
    [{ range: "bytes=0-1,4-5" }],
    [{ range: "bytes=5-1" }],
    [{ range: "items=0-1" }],
    [{ range: "bytes=0-1", "if-range": '"another"' }],
    [{ range: "bytes=0-1", "if-range": `W/"${modelSha256}"` }],
    [{ range: "bytes=0-1", "if-range": "Tue, 01 Jul 2025 00:00:00 GMT" }],
  ])("%j gets the whole", async (headers) => {
    const { get } = await startSite();
    const answer = await get("/artifact/model.onnx", headers);
    expect(answer.status).toBe(200);
    expect(answer.headers["accept-ranges"]).toBe("bytes");
    expect(answer.body).toEqual(model);
  });

  test("behind the end is refused with the length, and is not cached", async () => {
    const { get } = await startSite();
    const range = `bytes=${model.length}-`;
    const { status, headers, body } = await get(`/artifact/model.onnx?v=${modelSha256}`, { range });
    expect(status).toBe(416);
    expect(headers["content-range"]).toBe(`bytes */${model.length}`);
    expect(headers["cache-control"]).toBeUndefined();
    expect(headers.etag).toBeUndefined();
    expect(JSON.parse(body.toString())).toMatchObject({ error: { code: "SERVER_RANGE" } });
  });

  test("of what the caller has already is not sent at all", async () => {
    const { get } = await startSite();
    const headers = { range: "bytes=0-1", "if-none-match": `"${modelSha256}"` };
    expect((await get("/artifact/model.onnx", headers)).status).toBe(304);
  });
});

describe("an address", () => {
  test("of a version is for good; the manifest of the default says which version that is", async () => {
    const { get } = await startSite();
    const manifest = await get("/artifact/manifest.json");
    expect(manifest.headers["content-location"]).toBe(`${modelSha256}/manifest.json`);
    expect(manifest.headers["cache-control"]).toBe("no-cache");
    for (const name of ["model.onnx", "manifest.json", "items.json"]) {
      const pinned = await get(`/artifact/${modelSha256}/${name}`);
      expect(pinned.headers["cache-control"]).toBe(immutable);
      expect(pinned.body).toEqual(Buffer.from(compressed().files[name]!));
    }
  });

  test("with v is for good only if v is the sha256 of that very file", async () => {
    const { get } = await startSite();
    const cacheControl = async (path: string) => (await get(path)).headers["cache-control"];
    expect(await cacheControl(`/artifact/model.onnx?v=${modelSha256}`)).toBe(immutable);
    expect(await cacheControl(`/artifact/items.json?v=${modelSha256}`)).toBe("no-cache");
    expect(await cacheControl("/artifact/model.onnx?v=1")).toBe("no-cache");
    // Another version with this model has other titles: they must not be kept under its name.
    expect(await cacheControl(`/artifact/${modelSha256}/items.json?v=${modelSha256}`)).toBe("no-cache");
  });

  test("finds every loaded version, and no other", async () => {
    const older = await startSite();
    const { get } = await startSite(compressed(2), {
      bySha256: (sha256) => (sha256 === "a".repeat(64) ? older.files : undefined),
    });
    const answer = await get(`/artifact/${"a".repeat(64)}/manifest.json`);
    expect(JSON.parse(answer.body.toString())).toMatchObject({ version: 1 });
    for (const sha256 of ["b".repeat(64), "constructor", "..", "%2e%2e"]) {
      expect((await get(`/artifact/${sha256}/manifest.json`)).status).toBe(404);
    }
  });

  test.each(["golden.json", "report.html", "README.md", "model.onnx.br", ".env"])(
    "of %s does not exist",
    async (name) => {
      const { get } = await startSite();
      expect((await get(`/artifact/${name}`)).status).toBe(404);
      expect((await get(`/artifact/${modelSha256}/${name}`)).status).toBe(404);
    },
  );
});

test("a file that was written into after it was checked is not sent", async () => {
  const { dir, get } = await startSite();
  await appendFile(join(dir, "model.onnx"), "x");
  const { status, headers, body } = await get(`/artifact/${modelSha256}/model.onnx`);
  expect(status).toBe(503);
  expect(headers["cache-control"]).toBeUndefined();
  expect(body.toString()).toContain("SERVER_FILE_CHANGED");
  expect(body.toString()).not.toContain(dir);
  expect((await get("/artifact/items.json")).status).toBe(200);
});

test("callers that hang up in the middle leave nothing open", async () => {
  const { files, port, get } = await startSite(compressed(1, new Uint8Array(20_000_000)));
  const headers = { "accept-encoding": "br" };
  const hungUp = Array.from({ length: 20 }, async () => {
    const request = httpRequest({ port, path: "/artifact/model.onnx", headers, agent: false }).end();
    const [response] = (await once(request, "response")) as [IncomingMessage];
    await once(response, "data");
    request.destroy();
    await once(request, "close");
  });
  await Promise.all(hungUp);
  // Resolves only when no stream is left.
  await files.close();
  expect((await get("/artifact/model.onnx")).status).toBe(503);
});

test("pages of other origins may load the files only where they are shared", async () => {
  const shared = await startSite(compressed(), { isShared: true });
  expect((await shared.get("/artifact/model.onnx")).headers).toMatchObject({
    "cross-origin-resource-policy": "cross-origin",
    "access-control-expose-headers": expect.stringContaining("content-location"),
  });
  const own = await startSite();
  expect((await own.get("/artifact/model.onnx")).headers).not.toHaveProperty("cross-origin-resource-policy");
});

test("what others have said the answer depends on stays said", async () => {
  const { get } = await startSite(compressed(), { isShared: true }, (app) => {
    app.addHook("onRequest", async (_, reply) => {
      reply.header("vary", "Origin").header("access-control-expose-headers", "x-request-id, ETag");
    });
  });
  const { headers } = await get("/artifact/manifest.json");
  expect(headers.vary).toBe("Origin, accept-encoding");
  expect(headers["access-control-expose-headers"]).toBe(
    "x-request-id, ETag, content-location, content-range",
  );
});
