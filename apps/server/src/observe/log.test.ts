import { pino } from "pino";
import { expect, test } from "vitest";
import { post, startReadyServer } from "../testing/harness.ts";

/** What must not be in a log, each a word of its own so that a leak says what leaked. */
const secrets = {
  history: "private-history-item",
  excluded: "private-excluded-item",
  allowed: "private-allowed-item",
  column: "private-column",
  bearer: "private-bearer-token",
  key: "private-api-key",
  cookie: "private-cookie",
  routing: "private-routing-key",
  query: "private-search-words",
  path: "private-path-part",
  broken: "private-broken-json",
};

const headers = {
  "content-type": "application/json",
  authorization: `Bearer ${secrets.bearer}`,
  "x-api-key": secrets.key,
  cookie: `session=${secrets.cookie}`,
  "x-routing-key": secrets.routing,
};

test("no line at any level holds a history, an item, a key or a header", async () => {
  let log = "";
  const logger = pino({ level: "trace" }, { write: (line: string) => (log += line) });
  const server = await startReadyServer({ logger });
  const ask = { history: [secrets.history], exclude: [secrets.excluded], allow: [secrets.allowed] };
  const bodies = [
    JSON.stringify(ask),
    JSON.stringify({ requests: [ask, ask] }),
    JSON.stringify({ ...ask, k: secrets.column }),
    JSON.stringify({ ...ask, [secrets.column]: 1 }),
    JSON.stringify({ history: [{ item: secrets.history, weight: secrets.column }] }),
    JSON.stringify({ history: secrets.history }),
    `{"history": ["${secrets.broken}"`,
    secrets.broken,
    "",
  ];
  for (const path of ["/v1/recommend", "/v1/predict", `/v1/recommend?model=${secrets.query}`]) {
    for (const body of bodies) await post(server, body, headers, path);
  }
  await post(server, bodies[0], { ...headers, "content-type": `text/${secrets.column}` });
  await post(server, bodies[0], { ...headers, "x-request-timeout-ms": secrets.column });
  const bare = { authorization: headers.authorization, "x-api-key": secrets.key };
  for (const base of [server.url, server.adminUrl!]) {
    for (const path of [
      `/v1/items?query=${secrets.query}`,
      `/v1/items?ids=${secrets.query}`,
      `/${secrets.path}?key=${secrets.key}`,
      `/artifact/${secrets.path}/model.onnx`,
      `/v2/models/${secrets.path}`,
      "/metrics",
    ]) {
      await (await fetch(base + path, { headers: bare })).text();
    }
  }
  await server.close();

  const lines = log.trimEnd().split("\n");
  expect(lines.length).toBeGreaterThan(30);
  expect(lines.filter((line) => /request (answered|refused)/.test(line)).length).toBeGreaterThan(25);
  const leaked = Object.entries(secrets).filter(([, secret]) => log.includes(secret));
  expect(leaked.map(([name, secret]) => [name, lines.find((line) => line.includes(secret))])).toEqual([]);
});

test("every line of a request has its id, and says nothing else of the caller", async () => {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ level: "trace" }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const server = await startReadyServer({ logger });
  const start = lines.length;
  await post(server, '{"history":["a"]}', { ...headers, "x-request-id": "r-1" });
  await post(server, '{"history":1}', { ...headers, "x-request-id": "r-2" });
  await server.close();
  const requests = lines.slice(start).filter(({ route }) => route !== undefined);
  expect(requests.map(({ requestId, route, status }) => [requestId, route, status])).toEqual([
    ["r-1", "/v1/recommend", 200],
    ["r-2", "/v1/recommend", 400],
  ]);
  const known = ["level", "time", "pid", "hostname", "msg", "requestId", "method", "route", "status"];
  const allowed = new Set([...known, "durationMs", "code", "model", "version", "traceId"]);
  for (const line of requests) expect(Object.keys(line).filter((field) => !allowed.has(field))).toEqual([]);
});
