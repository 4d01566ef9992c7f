// Calls that come together leave in one body, and each keeps its own answer, deadline and failure. Against the real server.
import { type ClientOptions, createClient } from "@attune/client";
import { tinyArtifact } from "@attune/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { failure, peer, serve } from "./start-server.ts";

let server: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  server = await serve(tinyArtifact().files);
});
afterAll(() => server.stop());

/** A batching client, and how many requests each body of it held. */
function make(batch: ClientOptions["batch"] = {}, baseUrl = server.url) {
  const bodies: number[] = [];
  const client = createClient({
    baseUrl,
    batch: { waitMs: 20, ...batch },
    fetch(url, init) {
      const body = JSON.parse(String(init?.body)) as { readonly requests?: readonly unknown[] };
      bodies.push(body.requests?.length ?? 1);
      return fetch(url, init);
    },
  });
  return { client, bodies };
}

const requests = Array.from({ length: 12 }, (_, index) => ({ history: [`item-${index % 4}`], k: 1 + index }));

test("calls that come together leave in one body, with the answers of single ones", async () => {
  const { client, bodies } = make();
  const answers = await Promise.all(requests.map((request) => client.recommend(request)));
  expect(bodies).toEqual([12]);
  expect(answers).toEqual(await createClient({ baseUrl: server.url }).recommendMany(requests));
});

test("a full body leaves at once, and the rest in the next", async () => {
  const { client, bodies } = make({ maxRequests: 5 });
  await Promise.all(requests.map((request) => client.recommend(request)));
  expect(bodies).toEqual([5, 5, 2]);
});

test("a body never asks for more items together than it may", async () => {
  const { client, bodies } = make({ maxItems: 30 });
  await Promise.all(requests.map((request) => client.recommend(request)));
  expect(bodies).toEqual([7, 3, 2]);
});

test("a lone call is a request of its own", async () => {
  const { client, bodies } = make();
  await client.recommend({ history: [] });
  expect(bodies).toEqual([1]);
});

test("calls to other models and with other routing keys are not mixed", async () => {
  const { client, bodies } = make();
  const ask = (options: object) => client.recommend({ history: [] }, options);
  await Promise.all([
    ask({}),
    ask({}),
    ask({ routingKey: "a" }),
    ask({ model: "tiny" }),
    ask({ model: "tiny" }),
  ]);
  expect(bodies.toSorted()).toEqual([1, 2, 2]);
});

test("a request that is refused does not fail the others of its body", async () => {
  const { client, bodies } = make();
  const [good, bad, other] = await Promise.allSettled([
    client.recommend({ history: ["item-0"], k: 2 }),
    client.recommend({ history: [], k: 1000 }),
    client.recommend({ history: ["item-1"], k: 3 }),
  ]);
  expect(good).toMatchObject({ status: "fulfilled", value: { source: "model" } });
  expect(other).toMatchObject({ status: "fulfilled", value: { source: "model" } });
  const issues = ["k: expected an integer from 1 to 100, got 1000"];
  expect(bad).toMatchObject({ status: "rejected", reason: { code: "REQUEST_INVALID", issues } });
  expect(bodies).toEqual([3, 1, 1, 1]);
});

test("a failure of the whole body is each call's", async () => {
  const { url } = await peer({ status: 404, body: failure("SERVER_NOT_FOUND") });
  const { client } = make({}, url);
  const calls = await Promise.allSettled([
    client.recommend({ history: [] }),
    client.recommend({ history: [] }),
  ]);
  for (const call of calls) expect(call).toMatchObject({ reason: { code: "SERVER_NOT_FOUND" } });
});

test("a caller that gives up leaves alone, before and after the body was sent", async () => {
  const reason = new Error("not needed any more");
  const { client, bodies } = make();
  const controller = new AbortController();
  const left = client.recommend({ history: [] }, { signal: controller.signal });
  const stayed = client.recommend({ history: ["item-0"], k: 2 });
  controller.abort(reason);
  await expect(left).rejects.toBe(reason);
  expect((await stayed).ids).toHaveLength(2);
  expect(bodies).toEqual([1]);

  const { url } = await peer("hang");
  const hanging = make({ waitMs: 0 }, url).client;
  const impatient = hanging.recommend({ history: [] }, { timeoutMs: 30 });
  const patient = new AbortController();
  const waiting = hanging.recommend({ history: [] }, { signal: patient.signal });
  await expect(impatient).rejects.toMatchObject({ code: "timeout" });
  patient.abort(reason);
  await expect(waiting).rejects.toBe(reason);
});
