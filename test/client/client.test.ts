// The client against the real server: every function, and what a refused call says.
import { AttuneClientError, type Classification, createClient } from "@attune/client";
import { tinyArtifact, tinyPredictCases } from "@attune/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serve } from "./start-server.ts";

const artifact = tinyArtifact();
const classifier = tinyPredictCases[0]!.artifact;

let recommending: Awaited<ReturnType<typeof serve>>;
let predicting: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  recommending = await serve(artifact.files);
  predicting = await serve(classifier.files);
});
afterAll(async () => {
  await recommending.stop();
  await predicting.stop();
});

const client = () => createClient({ baseUrl: recommending.url });

async function failureOf(call: Promise<unknown>): Promise<AttuneClientError> {
  const error = await call.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(AttuneClientError);
  return error as AttuneClientError;
}

test("recommends for one history and for many, in their order", async () => {
  const [one, two] = [
    { history: ["item-0"], k: 3 },
    { history: ["nobody"], k: 2 },
  ];
  const first = await client().recommend(one);
  expect(first).toMatchObject({ source: "model", unknown: 0 });
  expect(first.ids).toHaveLength(3);
  expect(await client().recommendMany([one, two])).toEqual([first, await client().recommend(two)]);
  expect(await client().recommendMany([])).toEqual([]);
});

test("more requests than fit one body go in several, with every answer in its place", async () => {
  const requests = Array.from({ length: 300 }, (_, index) => ({ history: [], k: 1 + (index % 12) }));
  const answers = await client().recommendMany(requests);
  expect(answers.map(({ ids }) => ids.length)).toEqual(requests.map(({ k }) => k));
});

test("no body asks for more items than the server takes together", async () => {
  const requests = Array.from({ length: 256 }, () => ({ history: [], k: 100 }));
  expect(await client().recommendMany(requests)).toHaveLength(256);
});

test("predicts for one row and for many, with the type that is asked for", async () => {
  const own = createClient({ baseUrl: predicting.url });
  const { label, probabilities } = await own.predict<Classification>({ inputs: {} });
  expect(Object.keys(probabilities)).toContain(label);
  expect(await own.predictMany([{ inputs: {} }, { inputs: {} }])).toEqual(
    Array.from({ length: 2 }, () => ({ label, probabilities })),
  );
});

test("says which model answers, what its items are, and whether it is ready", async () => {
  const own = createClient({ baseUrl: `${recommending.url}///` });
  const { manifest, sha256 } = await own.model();
  expect([manifest.name, sha256]).toEqual(["tiny", artifact.manifest.files["model.onnx"]!.sha256]);
  expect(await own.items({ query: "ZANR", limit: 1 })).toMatchObject({ items: [{ id: "žánr-4" }] });
  const looked = await own.items({ ids: ["item-2", "no body", "item-0"] });
  expect(looked.items.map(({ id }) => id)).toEqual(["item-2", "item-0"]);
  expect(looked.unknown).toEqual(["no body"]);
  expect((await own.items()).items.length).toBeGreaterThan(1);
  expect(await own.ready()).toMatchObject({ state: "ready", reasons: [] });
});

test("a refused request carries every problem, its code and its id, and is not sent again", async () => {
  let sent = 0;
  const own = createClient({
    baseUrl: recommending.url,
    fetch: (...request) => {
      sent++;
      return fetch(...request);
    },
  });
  const error = await failureOf(own.recommend({ history: [""], k: 0 }));
  expect(error).toMatchObject({ name: "AttuneClientError", status: 400, code: "REQUEST_INVALID" });
  expect(error.issues).toEqual([
    "history[0]: an item id must not be empty",
    "k: expected an integer from 1 to 100, got 0",
  ]);
  expect(error.message).toContain("history[0]");
  expect(error.requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(sent).toBe(1);
  expect(await failureOf(client().predict({ inputs: {} }))).toMatchObject({ code: "SERVER_NOT_FOUND" });
});

test("a model that is not served is refused by name, by the call or by the client", async () => {
  const missing = { status: 404, code: "SERVER_MODEL_UNKNOWN" };
  expect(await failureOf(client().recommend({ history: [] }, { model: "other" }))).toMatchObject(missing);
  const own = createClient({ baseUrl: recommending.url, model: "other" });
  expect(await failureOf(own.model())).toMatchObject(missing);
  expect((await own.model({ model: "tiny" })).manifest.name).toBe("tiny");
});

test("a routing key that the server does not take is refused, one that it takes is not", async () => {
  const ask = (routingKey: string) => client().recommend({ history: [] }, { routingKey });
  expect(await failureOf(ask("k".repeat(257)))).toMatchObject({ code: "SERVER_HEADER_INVALID" });
  expect((await ask("anna")).source).toBe("fallback");
});

test("a server that is not there is a network failure that says where", async () => {
  const own = createClient({ baseUrl: "http://127.0.0.1:9", retries: 0 });
  const error = await failureOf(own.ready());
  expect(error).toMatchObject({ status: 0, code: "network" });
  expect(error.message).toContain("http://127.0.0.1:9");
});

test("options that do not fit are refused together", () => {
  const make = () =>
    createClient({ baseUrl: "nowhere", timeoutMs: 0, retries: -1, batch: { maxRequests: 300 } });
  expect(make).toThrow(AttuneClientError);
  expect(make).toThrow(/baseUrl.*timeoutMs.*retries.*batch\.maxRequests/);
});
