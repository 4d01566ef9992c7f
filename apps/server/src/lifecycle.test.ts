import { createHash } from "node:crypto";
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from "node:net";
import type { Recommendation } from "@attune/contracts";
import { tinyArtifact } from "@attune/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { createServer, type Server } from "./create-server.ts";
import type { ServerLogger } from "./observe/log.ts";
import {
  artifactFolder,
  ask,
  type ErrorAnswer,
  get,
  startReadyServer,
  startServer,
} from "./testing/harness.ts";

function fileEntry(bytes: Uint8Array) {
  return { sha256: createHash("sha256").update(bytes).digest("hex"), bytes: bytes.length };
}

interface Report {
  readonly state: string;
  readonly steps: Record<string, string>;
  readonly reasons: readonly string[];
}

/** Collects what is logged. */
function recorder(): ServerLogger & { readonly text: () => string } {
  const lines: string[] = [];
  const record = (fields: Readonly<Record<string, unknown>>, message: string) => {
    const { err, ...rest } = fields;
    lines.push(`${message} ${JSON.stringify(rest)} ${err instanceof Error ? err.message : ""}`);
  };
  return { debug: record, info: record, warn: record, error: record, text: () => lines.join("\n") };
}

describe("readiness", () => {
  test("answers while loading: alive, not ready, no answers yet; then ready", async () => {
    const server = await startServer();
    const [alive, early, refused] = await Promise.all([
      get(server, "/healthz"),
      get<Report>(server, "/readyz"),
      ask<ErrorAnswer>(server, { history: [] }),
    ]);
    expect(alive).toMatchObject({ status: 200, body: { status: "alive" } });
    // Loading may win the race with the network; then this is the answer of a ready server.
    if (early.status === 503) {
      expect(early.body.state).toBe("starting");
      expect(early.body.reasons.length).toBeGreaterThan(0);
    }
    if (refused.status !== 200) {
      expect(refused.status).toBe(503);
      expect(refused.body.error.code).toBe("SERVER_NOT_READY");
    }
    await server.ready;
    const late = await get<Report>(server, "/readyz");
    expect(late).toMatchObject({ status: 200, body: { state: "ready", reasons: [] } });
    expect(Object.values(late.body.steps)).toEqual(Array.from({ length: 5 }, () => "passed"));
  });

  const changed = tinyArtifact();
  const model = Uint8Array.from(changed.files["model.onnx"]!);
  model[model.length >> 1]! ^= 1;
  const wrongAnswers = JSON.parse(JSON.stringify(changed.golden)) as typeof changed.golden;
  (wrongAnswers.rows[0]!.expected.scores as number[])[0]! += 0.01;
  const golden = new TextEncoder().encode(JSON.stringify(wrongAnswers));

  test.each([
    ["a flipped bit in the model", "ARTIFACT_HASH", "sha256", { "model.onnx": model }],
    ["no manifest", "ARTIFACT_MISSING_FILE", "sha256", { "manifest.json": undefined }],
    ["a manifest that is no JSON", "MANIFEST_INVALID", "sha256", { "manifest.json": Buffer.from("{") }],
    ["a model that is missing", "ARTIFACT_MISSING_FILE", "sha256", { "model.onnx": undefined }],
  ])("never becomes ready with %s", async (_, code, step, change) => {
    const files = Object.fromEntries(
      Object.entries({ ...changed.files, ...change }).filter(([, bytes]) => bytes !== undefined),
    ) as Record<string, Uint8Array>;
    await expectNeverReady(files, code, step);
  });

  test("never becomes ready with a file that is no model, though its hash holds", async () => {
    await expectNeverReady(rehashed({ "model.onnx": Buffer.from("no model") }), "ONNX_PARSE", "checker");
  });

  test("never becomes ready when its answers are not the trainer's", async () => {
    await expectNeverReady(rehashed({ "golden.json": golden }), "VERIFY_MISMATCH", "golden rows");
  });

  function rehashed(change: Record<string, Uint8Array>): Record<string, Uint8Array> {
    const content = { ...changed.files, ...change };
    const { manifest } = tinyArtifact((original) => ({
      ...original,
      files: Object.fromEntries(Object.keys(original.files).map((name) => [name, fileEntry(content[name]!)])),
    }));
    return { ...content, "manifest.json": new TextEncoder().encode(JSON.stringify(manifest)) };
  }

  async function expectNeverReady(files: Record<string, Uint8Array>, code: string, step: string) {
    const artifactDir = await artifactFolder({ ...changed, files });
    const logger = recorder();
    const server = await startServer({ artifactDir, logger });
    await expect(server.ready).rejects.toMatchObject({ code });
    const { status, body } = await get<Report>(server, "/readyz");
    expect(status).toBe(503);
    expect(body).toMatchObject({ state: "failed", reasons: [`${step}: ${code}; the log has the rest`] });
    expect(body.steps[step]).toBe("failed");
    expect((await get(server, "/healthz")).status).toBe(200);
    const answer = await ask<ErrorAnswer>(server, { history: [] });
    expect(answer).toMatchObject({ status: 503, body: { error: { code: "SERVER_NOT_READY" } } });
    expect(answer.headers.get("retry-after")).toBe("1");
    expect(logger.text()).toContain("the artifact cannot be served");
  }
});

describe("listening", () => {
  test("a taken port is SERVER_PORT_IN_USE", async () => {
    const other = createTcpServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    await expect(createServer({ artifactDir: await artifactFolder(), port })).rejects.toMatchObject({
      code: "SERVER_PORT_IN_USE",
      details: { host: "127.0.0.1", port },
    });
  });

  test("a host that is not ours is SERVER_LISTEN", async () => {
    const artifactDir = await artifactFolder();
    await expect(createServer({ artifactDir, host: "192.0.2.1", port: 0 })).rejects.toMatchObject({
      code: "SERVER_LISTEN",
    });
    await expect(createServer({ artifactDir, port: 70_000 })).rejects.toMatchObject({
      code: "SERVER_LISTEN",
    });
  });

  test("url and address say where", async () => {
    const server = await startServer({ host: "0.0.0.0" });
    expect(server.address).toMatchObject({ address: "0.0.0.0", family: "IPv4" });
    expect(server.url).toBe(`http://127.0.0.1:${server.address.port}`);
  });
});

describe("bodies over the limit", () => {
  test("a hundred megabytes are refused by their length before they are read", async () => {
    const server = await startReadyServer();
    const { status, body, sentBytes } = await upload(server, 100_000_000, true);
    expect(status).toBe(413);
    expect(body.error).toMatchObject({
      code: "SERVER_BODY_TOO_LARGE",
      message: "the body is larger than 1048576 bytes",
    });
    expect(sentBytes).toBeLessThan(20_000_000);
    expect((await ask(server, { history: [] })).status).toBe(200);
  });

  test("a stream without a length is refused when it passes the limit", async () => {
    const server = await startReadyServer();
    const { status, sentBytes } = await upload(server, 100_000_000, false);
    expect(status).toBe(413);
    expect(sentBytes).toBeLessThan(20_000_000);
    expect((await ask(server, { history: [] })).status).toBe(200);
  });

  test("the limit is the option's", async () => {
    const server = await startReadyServer({ bodyLimit: 100 });
    const answer = await ask<ErrorAnswer>(server, { history: Array.from({ length: 40 }, () => "item-0") });
    expect(answer).toMatchObject({ status: 413, body: { error: { details: { limitBytes: 100 } } } });
  });

  /** Sends until the server answers or everything is sent. */
  async function upload(server: Server, bytes: number, withLength: boolean) {
    const request = httpRequest(`${server.url}/v1/recommend`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(withLength && { "content-length": bytes }) },
    });
    let sentBytes = 0;
    const chunk = Buffer.alloc(65_536, "[");
    let answered = false;
    request.on("error", () => {});
    const answer = once(request, "response").then(([response]) => {
      answered = true;
      return response;
    });
    while (!answered && sentBytes < bytes) {
      sentBytes += chunk.length;
      if (!request.write(chunk)) await Promise.race([once(request, "drain"), answer]);
    }
    const response = await answer;
    let text = "";
    for await (const part of response.setEncoding("utf8")) text += part;
    request.destroy();
    return { status: response.statusCode as number, body: JSON.parse(text) as ErrorAnswer, sentBytes };
  }
});

describe("broken HTTP", () => {
  test.each([
    ["no HTTP at all", 400, "SERVER_HTTP", "hello\r\n\r\n"],
    [
      "a content length that is no number",
      400,
      "SERVER_HTTP",
      "POST /v1/recommend HTTP/1.1\r\nhost: a\r\ncontent-length: x\r\n\r\n",
    ],
    [
      "headers of a megabyte",
      431,
      "SERVER_HEADERS_TOO_LARGE",
      `GET / HTTP/1.1\r\nhost: a\r\nx-long: ${"a".repeat(1_000_000)}\r\n\r\n`,
    ],
  ])("%s gets our error shape and the server stays up", async (_, status, code, bytes) => {
    const server = await startReadyServer();
    const socket = connect(server.address.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.write(bytes);
    const answer = await readAll(socket);
    expect(answer.slice(0, 13)).toBe(`HTTP/1.1 ${status} `);
    expect(answer).toContain(`"code":"${code}"`);
    expect((await get(server, "/healthz")).status).toBe(200);
  });
});

describe("draining", () => {
  test("requests that have arrived are answered, though nobody has read them yet", async () => {
    const server = await startReadyServer();
    const sockets = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const socket = connect(server.address.port, "127.0.0.1");
        await once(socket, "connect");
        return socket;
      }),
    );
    const answers = sockets.map((socket) => readAll(socket.on("error", () => {})));
    for (const socket of sockets) socket.write("GET /readyz HTTP/1.1\r\nhost: a\r\n\r\n");
    const closing = server.close();
    for (const answer of await Promise.all(answers)) expect(answer).toContain('"state":"draining"');
    await closing;
  });

  test("does not wait for a caller that sent no HTTP and never hangs up", async () => {
    const server = await startReadyServer({ drainMs: 600_000 });
    const socket = connect({ port: server.address.port, host: "127.0.0.1", allowHalfOpen: true });
    onTestFinished(() => void socket.destroy());
    socket.write("hello\r\n\r\n");
    await once(socket.resume(), "end");
    await server.close();
  });

  test("a request under way is answered; new ones are not; then everything is closed", async () => {
    const server = await startReadyServer();
    const body = JSON.stringify({ history: ["item-0"], k: 2 });
    const slow = connect(server.address.port, "127.0.0.1");
    slow.write(
      `POST /v1/recommend HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 5)}`,
    );
    const kept = connect(server.address.port, "127.0.0.1");
    // Half a request line: the connection is in use when draining begins.
    kept.write("GET /readyz HTTP/1.1\r\n");
    await get(server, "/healthz");
    const closing = server.close();
    kept.write("host: a\r\n\r\n");
    const report = await readAll(kept);
    expect(report).toMatch(/^HTTP\/1\.1 503/);
    expect(report).toContain('"state":"draining"');
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
    slow.write(body.slice(5));
    const answer = await readAll(slow);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
    expect((JSON.parse(answer.split("\r\n\r\n")[1]!) as Recommendation).ids).toHaveLength(2);
    await closing;
  });

  test("a request that never ends is cut off at the deadline", async () => {
    const server = await startReadyServer({ drainMs: 100 });
    const stuck = connect(server.address.port, "127.0.0.1");
    stuck.on("error", () => {});
    stuck.write(
      "POST /v1/recommend HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{",
    );
    await get(server, "/healthz");
    await server.close();
    expect(await readAll(stuck)).toBe("");
  });

  test("closing while loading, and closing twice, is fine", async () => {
    const server = await startServer();
    await Promise.all([server.close(), server.close()]);
    await server.close();
  });
});

describe("the log", () => {
  test("has request ids, routes and codes, and nothing of what was asked", async () => {
    const logger = recorder();
    const server = await startReadyServer({ logger });
    await ask(server, { history: ["item-0", "private-item"], k: 3 });
    await ask(server, { history: ["private-item"], k: 0, private: 1 });
    await get(server, "/v1/items?query=private-words");
    const wrong = await get(server, "/private-path?user=private-user");
    await server.close();
    const text = logger.text();
    expect(text).not.toContain("private");
    expect(text).not.toContain("item-0");
    expect(text).toContain(wrong.headers.get("x-request-id"));
    expect(text).toContain("REQUEST_INVALID");
    expect(text).toMatch(/request answered .*"route":"\/v1\/recommend","status":200/);
  });
});

async function readAll(socket: Socket): Promise<string> {
  let text = "";
  socket.on("data", (part) => {
    text += part.toString();
  });
  if (!socket.closed) await once(socket, "close");
  return text;
}
