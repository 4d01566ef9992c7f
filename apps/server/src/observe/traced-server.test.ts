import { expect, test } from "vitest";
import { ask, get, post, startReadyServer } from "../testing/harness.ts";
import { startCollector } from "../testing/otlp-collector.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
const json = { "content-type": "application/json" };

test("a question is a server span with its time in the queue and in the model, and the answer leads to it", async () => {
  const collector = await startCollector();
  const server = await startReadyServer({ otlpEndpoint: collector.endpoint });
  const headers = { ...json, traceparent, "x-request-id": "r-1" };
  const answer = await post(server, '{"history":["item-0"],"k":3}', headers);
  await server.close();

  const spans = collector.spans.filter((span) => span.traceId === traceId);
  const root = spans.find(({ kind }) => kind === 2)!;
  expect(spans.map(({ name }) => name).sort()).toEqual(["POST /v1/recommend", "model", "queue"]);
  expect(answer.headers.get("traceparent")).toBe(`00-${traceId}-${root.spanId}-01`);
  expect(root.parentSpanId).toBe("b7ad6b7169203331");
  expect(root.attributes).toMatchObject({
    "http.route": "/v1/recommend",
    "http.response.status_code": 200,
    "attune.model": "tiny",
    "attune.version": 1,
    "attune.request_id": "r-1",
  });
  for (const child of spans.filter((span) => span !== root)) {
    expect(child.parentSpanId).toBe(root.spanId);
    expect(BigInt(child.startTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(root.startTimeUnixNano));
    expect(BigInt(child.endTimeUnixNano)).toBeLessThanOrEqual(BigInt(root.endTimeUnixNano));
  }
});

test("nothing of what was asked, or by whom, is exported", async () => {
  const collector = await startCollector();
  const server = await startReadyServer({ otlpEndpoint: collector.endpoint });
  const headers = {
    ...json,
    authorization: "Bearer ada-lovelace",
    "x-api-key": "ada-lovelace",
    "x-routing-key": "ada-lovelace",
  };
  await post(server, '{"history":["ada-lovelace"],"exclude":["ada-lovelace"],"k":3}', headers);
  await post(server, '{"history":["ada-lovelace"],"ada-lovelace":3}', headers);
  await post(server, "ada-lovelace", headers);
  await get(server, "/v1/items?query=ada-lovelace");
  await get(server, "/users/ada-lovelace");
  await server.close();
  expect(collector.spans.length).toBeGreaterThanOrEqual(5);
  expect(collector.received).not.toContain("ada-lovelace");
});

test("without a collector no answer carries a trace, whatever was sent", async () => {
  const server = await startReadyServer();
  const answer = await post(server, '{"history":[]}', { ...json, traceparent });
  expect(answer.headers.get("traceparent")).toBeNull();
  expect((await ask(server, { history: [] })).headers.get("traceparent")).toBeNull();
});
