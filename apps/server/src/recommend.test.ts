import type { Recommendation } from "@attune/contracts";
import { contextualCatalogue, recommendTiny, tinyArtifact } from "@attune/testkit";
import { describe, expect, test } from "vitest";
import {
  artifactFolder,
  ask,
  type ErrorAnswer,
  post,
  scrape,
  sharedServer,
  startReadyServer,
} from "./testing/harness.ts";

const { catalogue } = tinyArtifact();
const server = sharedServer();

function expected(history: readonly string[], k: number): Recommendation {
  return recommendTiny(catalogue, { ids: history, weights: history.map(() => 1), exclude: [], k });
}

function expectSlate(actual: Recommendation, wanted: Recommendation): void {
  expect(actual).toMatchObject({ ids: wanted.ids, source: wanted.source, unknown: wanted.unknown });
  actual.scores.forEach((score, rank) => {
    expect(score).toBeCloseTo(wanted.scores[rank]!, 5);
  });
}

describe("POST /v1/recommend", () => {
  test("one request in, one slate out", async () => {
    const { status, headers, body } = await ask<Recommendation>(server(), {
      history: ["item-0", "item-2", "nobody"],
      k: 4,
    });
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("application/json; charset=utf-8");
    expectSlate(body, expected(["item-0", "item-2", "nobody"], 4));
    expect(Object.keys(body)).toEqual(["ids", "scores", "source", "unknown"]);
  });

  test("many in, many out, in order; each with its own k, history and exclude list", async () => {
    const requests = [
      { history: ["item-1"], k: 2 },
      { history: [] },
      { history: [{ item: "žánr-4", weight: 1 }], exclude: ["item-0"], k: 20 },
    ];
    const { status, body } = await ask<{ results: Recommendation[] }>(server(), { requests });
    expect(status).toBe(200);
    expect(body.results).toHaveLength(3);
    expectSlate(body.results[0]!, expected(["item-1"], 2));
    expectSlate(body.results[1]!, expected([], 10));
    expect(body.results[2]!.ids).toHaveLength(10);
    expect(body.results[2]!.ids).not.toContain("item-0");
  });

  test("ranks only what is allowed", async () => {
    const allow = ["item-3", "nobody", "item-2"];
    const { body } = await ask<Recommendation>(server(), { history: ["item-0"], allow });
    expect(body.ids.toSorted()).toEqual(["item-2", "item-3"]);
  });

  test("times and features reach a model that takes them", async () => {
    const contextual = contextualCatalogue();
    const artifactDir = await artifactFolder(tinyArtifact(undefined, contextual));
    const own = await startReadyServer({ artifactDir });
    const features = { age: 40, country: "at", tags: ["sale"], note: null };
    const times = [1_700_000_000, 1_700_200_000];
    const ids = ["item-0", "item-2"];
    const { body } = await ask<Recommendation>(own, {
      history: ids.map((item, index) => ({ item, time: times[index] })),
      features,
      k: 5,
    });
    expectSlate(
      body,
      recommendTiny(contextual, { ids, weights: [1, 1], times, exclude: [], features, k: 5 }),
    );
    const mixed = await ask<ErrorAnswer>(own, { history: ["item-0", { item: "item-2", time: 1 }] });
    expect(mixed.body.error.message).toMatch(/history: 1 of 2 entries have a time/);
  });

  test("there are no predictions", async () => {
    const { status, body } = await ask<ErrorAnswer>(server(), { inputs: {} }, "/v1/predict");
    expect(status).toBe(404);
    expect(body.error.code).toBe("SERVER_NOT_FOUND");
  });

  test("answers by popularity without a known id, and says so", async () => {
    const { body } = await ask<Recommendation>(server(), { history: ["nobody", "no-one"], k: 3 });
    expect(body).toMatchObject({ ids: catalogue.ids.slice(0, 3), source: "fallback", unknown: 2 });
  });

  test("two hundred at once get the answers each would get alone", async () => {
    const histories = Array.from({ length: 200 }, (_, index) =>
      catalogue.ids.filter((_, item) => ((index + 1) >> (item % 8)) % 2 === 1).slice(0, index % 12),
    );
    const together = await Promise.all(
      histories.map((history, index) => ask<Recommendation>(server(), { history, k: 1 + (index % 12) })),
    );
    for (const [index, { status, body }] of together.entries()) {
      expect(status).toBe(200);
      expectSlate(body, expected(histories[index]!, 1 + (index % 12)));
    }
    const alone = await ask<Recommendation>(server(), { history: histories[77], k: 1 + (77 % 12) });
    expectSlate(together[77]!.body, alone.body);
    const [runs] = (await scrape(server())).get("attune_inference_duration_seconds")!.samples.slice(-1);
    expect(runs!.value).toBeLessThan(201);
  });

  test("a bad request among good ones at the same moment fails alone", async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        ask(server(), { history: ["item-0"], k: index === 7 ? 0 : 5 }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(
      Array.from({ length: 20 }, (_, index) => (index === 7 ? 400 : 200)),
    );
  });
});

describe("bad requests", () => {
  const invalid: readonly [name: string, body: string, code: string, message: RegExp][] = [
    ["k of 0", '{"history":[],"k":0}', "REQUEST_INVALID", /k: expected an integer from 1 to 100, got 0/],
    ["k of -1", '{"history":[],"k":-1}', "REQUEST_INVALID", /k: .*got -1/],
    ["k of 1e9", '{"history":[],"k":1e9}', "REQUEST_INVALID", /k: .*got 1000000000/],
    ["k of 1e400", '{"history":[],"k":1e400}', "REQUEST_INVALID", /k: .*got Infinity/],
    ["k of 1.5", '{"history":[],"k":1.5}', "REQUEST_INVALID", /k: .*got 1.5/],
    ["k as text", '{"history":[],"k":"5"}', "REQUEST_INVALID", /k: .*got "5"/],
    ["k null", '{"history":[],"k":null}', "REQUEST_INVALID", /k: .*got null/],
    [
      "k NaN, which is no JSON",
      '{"history":[],"k":NaN}',
      "SERVER_BODY_INVALID",
      /found "N" at line 1, column 19/,
    ],
    ["broken JSON", '{"history":["1"', "SERVER_BODY_INVALID", /the text ends at line 1, column 16/],
    ["an empty body", "", "SERVER_BODY_INVALID", /it is empty/],
    ["a body of null", "null", "SERVER_BODY_INVALID", /expected an object, found null/],
    ["a list", "[]", "REQUEST_INVALID", /expected an object, got a list/],
    ["a text", '"item-0"', "REQUEST_INVALID", /expected an object, got "item-0"/],
    ["no history", "{}", "REQUEST_INVALID", /history: expected a list/],
    ["history as text", '{"history":"item-0"}', "REQUEST_INVALID", /history: expected a list, got "item-0"/],
    [
      "numbers as ids",
      '{"history":[1,2]}',
      "REQUEST_INVALID",
      /history\[0\]: .*got 1\n.*history\[1\]: .*got 2/,
    ],
    ["an empty id", '{"history":[""]}', "REQUEST_INVALID", /history\[0\]: an item id must not be empty/],
    ["a weight of 0", '{"history":[{"item":"item-0","weight":0}]}', "REQUEST_INVALID", /weight: .*got 0/],
    ["an unknown field", '{"history":[],"user":"u1"}', "REQUEST_INVALID", /user: unknown/],
    ["__proto__", '{"history":[],"__proto__":{"k":1}}', "REQUEST_INVALID", /__proto__: unknown/],
    [
      "constructor",
      '{"history":[],"constructor":{"prototype":{}}}',
      "REQUEST_INVALID",
      /constructor: unknown/,
    ],
    ["escaped __proto__", '{"history":[],"\\u005f_proto__":1}', "REQUEST_INVALID", /__proto__: unknown/],
    [
      "exclude as a number",
      '{"history":[],"exclude":7}',
      "REQUEST_INVALID",
      /exclude: expected a list, got 7/,
    ],
    [
      "features of a model that takes none",
      '{"history":[],"features":{"age":1}}',
      "REQUEST_INVALID",
      /features\.age: unknown; there is none/,
    ],
    ["allow as text", '{"history":[],"allow":"a"}', "REQUEST_INVALID", /allow: expected a list/],
    ["no requests", '{"requests":[]}', "REQUEST_INVALID", /expected 1 to 256 requests, got 0/],
    [
      "requests and more",
      '{"requests":[{"history":[]}],"k":3}',
      "REQUEST_INVALID",
      /k: unknown beside requests/,
    ],
    [
      "a bad one of many",
      '{"requests":[{"history":[]},{"history":[],"k":0}]}',
      "REQUEST_INVALID",
      /requests\[1\]\.k/,
    ],
  ];

  test.each(invalid)("%s", async (_, body, code, message) => {
    const answer = await post<ErrorAnswer>(server(), body);
    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(answer.body.error.requestId).toBe(answer.headers.get("x-request-id"));
    expect((await ask(server(), { history: [] })).status).toBe(200);
  });

  test("lists every problem at once, and stops at fifty", async () => {
    const two = await ask<ErrorAnswer>(server(), { history: [1], k: 0, x: 1 });
    expect((two.body.error.details as { issues: string[] }).issues).toHaveLength(3);
    const requests = Array.from({ length: 200 }, () => ({ history: [], k: 0 }));
    const { body } = await ask<ErrorAnswer>(server(), { requests });
    expect((body.error.details as { issues: string[] }).issues).toHaveLength(51);
  });

  test("a hundred thousand ids within the body limit are refused by the artifact's limit", async () => {
    const history = Array.from({ length: 100_000 }, (_, index) => String(index));
    const { status, body } = await ask<ErrorAnswer>(server(), { history });
    expect(status).toBe(400);
    expect(body.error.message).toMatch(/100000 entries, at most 50 are allowed/);
  });

  test("brackets nested a hundred thousand deep", async () => {
    const deep = "[".repeat(100_000);
    const whole = await post<ErrorAnswer>(server(), `{"history":${deep}${"]".repeat(100_000)}}`);
    expect(whole.body.error.message).toMatch(/history\[0\]: expected an item id .*got a list/);
    const broken = await post<ErrorAnswer>(server(), deep);
    expect(broken.body.error).toMatchObject({ code: "SERVER_BODY_INVALID" });
  });

  test("bytes that are not UTF-8, and a byte order mark", async () => {
    const bytes = Uint8Array.from([...Buffer.from('{"history":["'), 0xff, ...Buffer.from('"]}')]);
    const bad = await post<ErrorAnswer>(server(), bytes);
    expect(bad.body.error.message).toMatch(/not UTF-8/);
    expect((await post(server(), '\ufeff{"history":[]}')).status).toBe(200);
  });
});

describe("content types", () => {
  test.each([
    ["text/plain", "send application/json, not text/plain"],
    ["application/x-www-form-urlencoded", "send application/json, not application/x-www-form-urlencoded"],
    ["nonsense", "send application/json, not nonsense"],
  ])("%s is 415", async (type, message) => {
    const { status, body } = await post<ErrorAnswer>(server(), '{"history":[]}', { "content-type": type });
    expect(status).toBe(415);
    expect(body.error).toMatchObject({ code: "SERVER_MEDIA_TYPE", message });
  });

  test("application/json with a charset is fine", async () => {
    const headers = { "content-type": "application/json; charset=utf-8" };
    expect((await post(server(), '{"history":[]}', headers)).status).toBe(200);
  });
});
