import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { startCollector } from "../testing/otlp-collector.ts";
import { createTracing, noTracing, type Tracing, type TracingOptions } from "./tracing.ts";

const asked = { method: "POST", route: "/v1/recommend" };
const parent = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" };
const sampled = `00-${parent.traceId}-${parent.spanId}-01`;

async function tracingTo(endpoint: string, options: Partial<TracingOptions> = {}): Promise<Tracing> {
  const tracing = await createTracing({ endpoint, serviceName: "attune", ...options });
  onTestFinished(() => tracing.close(0));
  return tracing;
}

test("a request is one span with its steps below it, in the words of the conventions", async () => {
  const collector = await startCollector();
  const tracing = await tracingTo(collector.endpoint);
  const span = tracing.startRequest({}, asked)!;
  const startMs = performance.now();
  span.child("queue", startMs, startMs + 2.5);
  span.child("model", startMs + 2.5, startMs + 4, { "attune.batch_size": 3 });
  const facts = { "attune.model": "movies", "attune.version": 3, "attune.request_id": "r-1" };
  span.end(200, facts);
  await tracing.close(5000);

  const [queue, model, server] = collector.spans;
  expect(collector.spans.map(({ name }) => name)).toEqual(["queue", "model", "POST /v1/recommend"]);
  expect(server).toMatchObject({ traceId: span.traceId, kind: 2 });
  expect(server!.parentSpanId ?? "").toBe("");
  expect(server!.attributes).toEqual({
    "http.request.method": "POST",
    "http.route": "/v1/recommend",
    "url.scheme": "http",
    "http.response.status_code": 200,
    ...facts,
  });
  for (const child of [queue, model]) {
    expect(child).toMatchObject({ traceId: span.traceId, parentSpanId: server!.spanId, kind: 1 });
  }
  const tookNs = BigInt(queue!.endTimeUnixNano) - BigInt(queue!.startTimeUnixNano);
  expect(Number(tookNs) / 1e6).toBeCloseTo(2.5, 2);
  expect(queue!.endTimeUnixNano).toBe(model!.startTimeUnixNano);
  expect(model!.attributes).toEqual({ "attune.batch_size": 3 });
  expect(collector.resource).toMatchObject({ "service.name": "attune" });
});

test("a valid traceparent is continued, and the answer's leads to our span", async () => {
  const collector = await startCollector();
  const tracing = await tracingTo(`${collector.endpoint}/`);
  const span = tracing.startRequest({ traceparent: sampled }, asked)!;
  span.end(200);
  await tracing.close(5000);
  const [server] = collector.spans;
  expect(server).toMatchObject({ traceId: parent.traceId, parentSpanId: parent.spanId });
  expect(span.traceparent).toBe(`00-${parent.traceId}-${server!.spanId}-01`);
});

test.each([
  ["nothing", undefined],
  ["an empty header", ""],
  ["zeros", `00-${"0".repeat(32)}-${parent.spanId}-01`],
  ["a span of zeros", `00-${parent.traceId}-${"0".repeat(16)}-01`],
  ["the version that cannot be", `ff-${parent.traceId}-${parent.spanId}-01`],
  ["capitals", sampled.toUpperCase()],
  ["more parts than version 00 has", `${sampled}-what`],
  ["two headers", `${sampled}, ${sampled}`],
  ["line ends", `${sampled}\r\nx: y`],
])("with %s for a traceparent a new trace begins", async (_, traceparent) => {
  const collector = await startCollector();
  const tracing = await tracingTo(collector.endpoint);
  const span = tracing.startRequest(traceparent === undefined ? {} : { traceparent }, asked)!;
  expect(span.traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(span.traceId).not.toBe(parent.traceId);
  expect(span.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
});

test("what a caller does not record is not recorded, and the trace goes on", async () => {
  const collector = await startCollector();
  const tracing = await tracingTo(collector.endpoint);
  const span = tracing.startRequest({ traceparent: `00-${parent.traceId}-${parent.spanId}-00` }, asked)!;
  span.child("model", 1, 2);
  span.end(200);
  await tracing.close(5000);
  expect(span.traceparent).toMatch(new RegExp(`^00-${parent.traceId}-[0-9a-f]{16}-00$`));
  expect(collector.spans).toEqual([]);
});

test("a ratio of 0 records only what callers ask for", async () => {
  const collector = await startCollector();
  const tracing = await tracingTo(collector.endpoint, { ratio: 0 });
  tracing.startRequest({}, asked)!.end(200);
  tracing.startRequest({ traceparent: sampled }, asked)!.end(200);
  await tracing.close(5000);
  expect(collector.spans.map(({ traceId }) => traceId)).toEqual([parent.traceId]);
});

test("failures of ours are marked, refusals are not", async () => {
  const collector = await startCollector();
  const tracing = await tracingTo(collector.endpoint);
  tracing.startRequest({}, asked)!.end(503, { "error.type": "SERVER_OVERLOADED" });
  tracing.startRequest({}, asked)!.end(422);
  await tracing.close(5000);
  expect(collector.spans.map(({ status }) => status.code ?? 0)).toEqual([2, 0]);
});

test("nothing of a caller's headers is exported but the ids of the trace", async () => {
  const collector = await startCollector();
  const tracing = await tracingTo(collector.endpoint);
  const headers = {
    traceparent: sampled,
    tracestate: "vendor=ada-lovelace",
    baggage: "userId=ada-lovelace",
    authorization: "Bearer ada-lovelace",
    "x-api-key": "ada-lovelace",
    "x-routing-key": "ada-lovelace",
    cookie: "session=ada-lovelace",
    "user-agent": "ada-lovelace",
  };
  const span = tracing.startRequest(headers, asked)!;
  span.child("queue", 1, 2);
  span.end(200);
  await tracing.close(5000);
  expect(collector.spans).toHaveLength(2);
  expect(collector.received).not.toContain("ada-lovelace");
});

test("a collector that refuses is told of once, until it takes spans again", async () => {
  const causes: Error[] = [];
  const collector = await startCollector(400);
  const tracing = await tracingTo(collector.endpoint, { onFailure: (cause) => causes.push(cause) });
  // Several exports: a batch has 512 spans.
  for (let index = 0; index < 1200; index++) tracing.startRequest({}, asked)!.end(200);
  await tracing.close(5000);
  expect(causes).toHaveLength(1);
});

test("a collector that is not there loses spans, and nothing else", async () => {
  const closed = createServer();
  await new Promise<void>((resolve) => {
    closed.listen(0, "127.0.0.1", resolve);
  });
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  const tracing = await tracingTo(`http://127.0.0.1:${port}`);
  const span = tracing.startRequest({}, asked)!;
  span.end(200);
  await tracing.close(200);
  expect(span.traceId).toMatch(/^[0-9a-f]{32}$/);
});

test("closing does not wait longer than its limit for a collector that never answers", async () => {
  const collector = await startCollector("never");
  const tracing = await tracingTo(collector.endpoint);
  tracing.startRequest({}, asked)!.end(200);
  await tracing.close(300);
  expect(collector.received).toContain("POST /v1/traces");
});

test("off, there is no span and nothing to close", async () => {
  expect(noTracing.startRequest({ traceparent: sampled }, asked)).toBeUndefined();
  await noTracing.close(0);
});
