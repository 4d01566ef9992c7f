// What the client does when a server is busy, away or slow. The peer is a bare HTTP server that answers as the test says.
import { AttuneClientError, type ClientOptions, createClient } from "@attune/client";
import { createRandom } from "@attune/numeric";
import { expect, test } from "vitest";
import { failure, type Peer, peer } from "./start-server.ts";

const slate = { ids: ["a"], scores: [1], source: "model", unknown: 0 };
const good = { status: 200, body: slate };
const busy = (headers: Readonly<Record<string, string>> = {}) => ({
  status: 503,
  headers,
  body: failure("SERVER_OVERLOADED"),
});

/** A client whose waits are written down instead of waited. */
function make({ url }: Peer, options: Partial<ClientOptions> = {}) {
  const waits: number[] = [];
  const random = createRandom(7);
  const client = createClient({
    baseUrl: url,
    retryBudgetMs: 60_000,
    random: () => random.uniform(),
    sleep: async (ms) => {
      waits.push(ms);
    },
    ...options,
  });
  return { client, waits };
}

async function codeOf(call: Promise<unknown>): Promise<[number, string]> {
  const error = await call.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(AttuneClientError);
  const { status, code } = error as AttuneClientError;
  return [status, code];
}

test("waits at least as long as a busy server asks, in seconds", async () => {
  const own = await peer(busy({ "retry-after": "2" }), good);
  const { client, waits } = make(own);
  expect(await client.recommend({ history: [] })).toEqual(slate);
  expect(waits).toHaveLength(1);
  expect(waits[0]).toBeGreaterThanOrEqual(2000);
  expect(waits[0]).toBeLessThan(2100);
});

test("a date to wait for is read against the server's own clock", async () => {
  const date = "Mon, 02 Jan 2040 00:00:00 GMT";
  const own = await peer(busy({ date, "retry-after": "Mon, 02 Jan 2040 00:00:03 GMT" }), good);
  const { client, waits } = make(own);
  await client.recommend({ history: [] });
  expect(waits[0]).toBeGreaterThanOrEqual(3000);
  expect(waits[0]).toBeLessThan(3100);
});

test("a page that may not read the header still waits as the body says", async () => {
  const own = await peer({ status: 429, body: failure("SERVER_RATE", { retryAfterSeconds: 1 }) }, good);
  const { client, waits } = make(own);
  await client.recommend({ history: [] });
  expect(waits[0]).toBeGreaterThanOrEqual(1000);
});

test("without a word from the server the waits grow, are jittered, and are the same for the same seed", async () => {
  const tries = async () => {
    const { client, waits } = make(await peer(busy(), busy(), busy(), good), { retries: 3 });
    await client.recommend({ history: [] });
    return waits;
  };
  const waits = await tries();
  expect(await tries()).toEqual(waits);
  waits.forEach((wait, index) => {
    expect(wait).toBeGreaterThanOrEqual(50 * 2 ** index);
    expect(wait).toBeLessThanOrEqual(100 * 2 ** index);
  });
  expect(new Set(waits.map((wait, index) => wait / 2 ** index)).size).toBe(3);
});

test("a connection that is cut is tried again", async () => {
  const own = await peer("reset", "reset", good);
  const { client, waits } = make(own);
  expect(await client.recommend({ history: [] })).toEqual(slate);
  expect([own.seen.length, waits.length]).toEqual([3, 2]);
});

test("tries end, and the last failure is told with what the server asked", async () => {
  const own = await peer(busy({ "retry-after": "1" }));
  const { client } = make(own, { retries: 2 });
  await expect(client.recommend({ history: [] })).rejects.toMatchObject({
    status: 503,
    code: "SERVER_OVERLOADED",
    retryAfterMs: 1000,
    requestId: "r-1",
  });
  expect(own.seen).toHaveLength(3);
});

test.each([400, 401, 403, 404, 405, 413, 415, 500])("%i is not tried again", async (status) => {
  const own = await peer({ status, body: failure("SERVER_SAID") });
  const { client, waits } = make(own);
  expect(await codeOf(client.recommend({ history: [] }))).toEqual([status, "SERVER_SAID"]);
  expect([own.seen.length, waits.length]).toEqual([1, 0]);
});

test("waits that would be longer than the call or its budget are not begun", async () => {
  const own = await peer(busy({ "retry-after": "30" }));
  const late = make(own, { timeoutMs: 20_000 });
  expect(await codeOf(late.client.recommend({ history: [] }))).toEqual([503, "SERVER_OVERLOADED"]);
  const thrifty = make(own, { timeoutMs: 60_000, retryBudgetMs: 10_000 });
  expect(await codeOf(thrifty.client.recommend({ history: [] }))).toEqual([503, "SERVER_OVERLOADED"]);
  expect([late.waits, thrifty.waits]).toEqual([[], []]);
});

test("each try tells the server how much time is left", async () => {
  let now = 0;
  const own = await peer(busy({ "retry-after": "2" }), good);
  const client = createClient({
    baseUrl: own.url,
    timeoutMs: 9000,
    retryBudgetMs: 9000,
    clock: () => now,
    random: () => 0,
    sleep: async (ms) => {
      now += ms;
    },
  });
  await client.recommend({ history: [] });
  expect(own.seen.map(({ headers }) => headers["x-request-timeout-ms"])).toEqual(["9000", "7000"]);
});

test("a server that does not answer is left when the time is up", async () => {
  const own = await peer("hang");
  const { client } = make(own, { timeoutMs: 30 });
  expect(await codeOf(client.recommend({ history: [] }))).toEqual([0, "timeout"]);
  expect(await codeOf(client.recommend({ history: [] }, { timeoutMs: 20 }))).toEqual([0, "timeout"]);
});

test("a caller may give up, before and while it waits", async () => {
  const own = await peer("hang");
  const { client } = make(own);
  const reason = new Error("not needed any more");
  await expect(client.model({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  expect(own.seen).toHaveLength(0);
  const controller = new AbortController();
  const call = client.model({ signal: controller.signal });
  setTimeout(() => controller.abort(reason), 20);
  await expect(call).rejects.toBe(reason);
});

test("a caller may give up between two tries", async () => {
  const controller = new AbortController();
  const reason = new Error("not needed any more");
  const own = await peer(busy({ "retry-after": "1" }));
  const client = createClient({ baseUrl: own.url, timeoutMs: 60_000 });
  const call = client.recommend({ history: [] }, { signal: controller.signal });
  setTimeout(() => controller.abort(reason), 50);
  await expect(call).rejects.toBe(reason);
  expect(own.seen).toHaveLength(1);
});

test.each<[string, number, unknown]>([
  ["a page of a proxy", 200, "<html>hello</html>"],
  ["another shape", 200, { ids: ["a"], scores: [] }],
  ["a failure of a proxy", 404, "not found"],
  ["a failure of another server", 400, { error: "no" }],
])("%s is said to be no answer of the server", async (_, status, body) => {
  const { client } = make(await peer({ status, body }));
  expect(await codeOf(client.recommend({ history: [] }))).toEqual([status, "answer"]);
});

test("fewer results than requests are no answer", async () => {
  const { client } = make(await peer({ status: 200, body: { results: [slate] } }));
  expect(await codeOf(client.recommendMany([{ history: [] }, { history: [] }]))).toEqual([200, "answer"]);
});

test("the key, the routing key and the model are sent where the server reads them", async () => {
  const own = await peer(good);
  const { client } = make(own, { apiKey: "secret", model: "champion" });
  await client.recommend({ history: [] }, { routingKey: "anna" });
  const [{ url, headers } = { url: "", headers: {} }] = own.seen;
  expect(url).toBe("/v1/recommend?model=champion");
  expect(headers).toMatchObject({ authorization: "Bearer secret", "x-routing-key": "anna" });
});

test("readiness is an answer whatever it says", async () => {
  const report = { state: "starting", steps: {}, reasons: ["the model loads"] };
  const { client, waits } = make(await peer({ status: 503, body: report }));
  expect(await client.ready()).toEqual(report);
  expect(waits).toEqual([]);
});
