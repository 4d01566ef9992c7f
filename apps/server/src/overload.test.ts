import { once } from "node:events";
import { Agent, request as httpRequest } from "node:http";
import { connect } from "node:net";
import type { Recommendation } from "@attune/contracts";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Server } from "./create-server.ts";
import { ask, type ErrorAnswer, get, startReadyServer } from "./testing/harness.ts";

/** Begins a request and leaves its body open. */
function beginUpload(server: Server, bytes: number) {
  const socket = connect(server.address.port, "127.0.0.1");
  socket.on("error", () => {});
  onTestFinished(() => void socket.destroy());
  socket.write(
    `POST /v1/recommend HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${bytes}\r\n\r\n{`,
  );
  return socket;
}

describe("bytes in flight", () => {
  test("past the bound a body is refused with 503 and Retry-After before it is read; when there is room again, it is taken", async () => {
    const server = await startReadyServer({ maxInFlightBytes: 1000 });
    const upload = beginUpload(server, 900);
    await get(server, "/healthz");
    const padded = { history: ["item-0"], exclude: Array.from({ length: 20 }, () => "item-1") };
    const refused = await ask<ErrorAnswer>(server, padded);
    expect(refused).toMatchObject({ status: 503, body: { error: { code: "SERVER_OVERLOADED" } } });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    upload.destroy();
    await once(upload, "close");
    await expect.poll(async () => (await ask(server, padded)).status).toBe(200);
  });

  test("a body without a length is refused when it outgrows what is left", async () => {
    const server = await startReadyServer({ maxInFlightBytes: 100_000 });
    beginUpload(server, 60_000);
    await get(server, "/healthz");
    const chunked = httpRequest(`${server.url}/v1/recommend`, {
      method: "POST",
      headers: { "content-type": "application/json", "transfer-encoding": "chunked" },
    });
    chunked.on("error", () => {});
    chunked.end(Buffer.alloc(80_000, "["));
    const [response] = await once(chunked, "response");
    response.resume();
    expect(response.statusCode).toBe(503);
  });
});

test("the sum of k over the requests of one body is bounded", async () => {
  const server = await startReadyServer({ maxSlateItems: 5 });
  const requests = [
    { history: [], k: 3 },
    { history: [], k: 3 },
  ];
  const refused = await ask<ErrorAnswer>(server, { requests });
  expect(refused).toMatchObject({
    status: 400,
    body: { error: { code: "SERVER_TOO_MANY_ITEMS", details: { items: 6, limit: 5 } } },
  });
  expect((await ask(server, { requests: [requests[0]] })).status).toBe(200);
});

describe("a deadline", () => {
  test.each(["0", "-1", "1.5", "abc", "600001", ""])("of %j milliseconds is refused", async (value) => {
    const server = await startReadyServer();
    const response = await fetch(`${server.url}/v1/recommend`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-request-timeout-ms": value },
      body: '{"history":[]}',
    });
    expect(response.status).toBe(400);
    expect(((await response.json()) as ErrorAnswer).error.code).toBe("SERVER_HEADER_INVALID");
  });
});

test("under far too many requests every answer is right, or 503 with Retry-After; then all is as before", async () => {
  const server = await startReadyServer({ maxQueueMs: 1 });
  const agent = new Agent({ keepAlive: true, maxSockets: 200 });
  onTestFinished(() => agent.destroy());
  const body = JSON.stringify({ history: ["item-0"], k: 3 });
  const expected = (await ask<Recommendation>(server, JSON.parse(body))).body.ids;
  const answers = await Promise.all(Array.from({ length: 3000 }, () => send(server, agent, body)));
  const [accepted, refused] = [200, 503].map((wanted) => answers.filter(({ status }) => status === wanted));
  expect(accepted!.length + refused!.length).toBe(answers.length);
  expect(refused!.length).toBeGreaterThan(0);
  for (const { ids } of accepted!) expect(ids).toEqual(expected);
  for (const { retryAfter } of refused!) expect(Number(retryAfter)).toBeGreaterThanOrEqual(1);
  expect((await ask(server, JSON.parse(body))).status).toBe(200);
});

async function send(server: Server, agent: Agent, body: string) {
  const request = httpRequest(`${server.url}/v1/recommend`, {
    method: "POST",
    agent,
    headers: { "content-type": "application/json", "content-length": body.length },
  });
  request.end(body);
  const [response] = await once(request, "response");
  let text = "";
  for await (const part of response.setEncoding("utf8")) text += part;
  const { ids } = JSON.parse(text) as { ids?: readonly string[] };
  return { status: response.statusCode as number, retryAfter: response.headers["retry-after"], ids };
}

test("a body that stalls is cut off after the time a request has to arrive", async () => {
  const server = await startReadyServer({ receiveTimeoutMs: 300 });
  const upload = beginUpload(server, 100);
  let answer = "";
  upload.on("data", (part) => {
    answer += part.toString();
  });
  await once(upload, "close");
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  expect((await ask(server, { history: [] })).status).toBe(200);
});

test("in threads, answers are those of the event loop", async () => {
  const [inline, pooled] = [await startReadyServer({ workers: 0 }), await startReadyServer({ workers: 2 })];
  const requests = Array.from({ length: 30 }, (_, index) => ({
    history: [`item-${index % 4}`],
    k: 1 + (index % 3),
  }));
  const expected = await ask(inline, { requests });
  expect(await ask(pooled, { requests }).then(({ body }) => body)).toEqual(expected.body);
  const alone = await Promise.all(requests.map((request) => ask(pooled, request)));
  expect({ results: alone.map(({ body }) => body) }).toEqual(expected.body);
});

describe("drainDelayMs", () => {
  test("/readyz says 503 at once, while everything else is answered as before, on new connections too", async () => {
    const server = await startReadyServer({ drainDelayMs: 400 });
    const closing = server.close();
    const [ready, alive] = [await get(server, "/readyz"), await get(server, "/healthz")];
    expect([ready.status, alive.status]).toEqual([503, 200]);
    const fresh = await fetch(`${server.url}/v1/recommend`, {
      method: "POST",
      headers: { "content-type": "application/json", connection: "close" },
      body: '{"history":[]}',
    });
    expect(fresh.status).toBe(200);
    await closing;
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
  });

  test("under load on kept connections no request fails while the server goes", async () => {
    const server = await startReadyServer({ drainDelayMs: 100 });
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    const statuses: number[] = [];
    let isGone = false;
    /** Asks on and on over its own kept connection, until it is told to close it. */
    const client = async () => {
      const own = new Agent({ keepAlive: true, maxSockets: 1 });
      onTestFinished(() => own.destroy());
      while (!isGone) {
        const request = httpRequest(`${server.url}/v1/recommend`, {
          method: "POST",
          agent: own,
          headers: { "content-type": "application/json" },
        });
        request.end('{"history":["item-0"]}');
        const [response] = await once(request, "response");
        response.resume();
        await once(response, "end");
        statuses.push(response.statusCode);
        if (response.headers.connection === "close") return;
      }
    };
    const clients = Array.from({ length: 16 }, client);
    await expect.poll(() => statuses.length).toBeGreaterThan(50);
    await server.close();
    isGone = true;
    await Promise.all(clients);
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});
