/** Compression both ways, raw binary requests, and what is counted. */
import { deflateSync, gzipSync } from "node:zlib";
import { strings, tinyArtifact } from "@attune/testkit";
import { afterEach, describe, expect, test } from "vitest";
import { bodyLimit, sharedApp } from "./testing/oip-app.ts";
import { askJson, outputValues, postInfer, readAnswer } from "./testing/oip-client.ts";

const app = sharedApp();

/** Whatever became of a request, its bytes count no longer. */
afterEach(() => expect.poll(() => app().bytesInFlight).toBe(0));

const question = { inputs: [{ name: "history", shape: [1, 1], datatype: "BYTES", data: ["item-3"] }] };
const json = JSON.stringify(question);

describe("compressed requests", () => {
  test.each([
    ["gzip", gzipSync(json)],
    ["x-gzip", gzipSync(json)],
    ["deflate", deflateSync(json)],
    ["identity", Buffer.from(json)],
    ["GZIP", gzipSync(json)],
  ])("%s is read", async (coding, body) => {
    const { status, body: answer } = await postInfer(app(), body, { "content-encoding": coding });
    const plain = await postInfer(app(), json);
    expect([status, answer.outputs]).toEqual([200, plain.body.outputs]);
  });

  test("the header's length is that of the JSON before compression", async () => {
    const binary = Buffer.from([6, 0, 0, 0, ...Buffer.from("item-3")]);
    const inputs = [
      { name: "history", shape: [1, 1], datatype: "BYTES", parameters: { binary_data_size: 10 } },
    ];
    const head = Buffer.from(JSON.stringify({ inputs }));
    const answer = await postInfer(app(), gzipSync(Buffer.concat([head, binary])), {
      "content-encoding": "gzip",
      "inference-header-content-length": String(head.length),
    });
    expect(answer.status).toBe(200);
  });

  test.each([
    ["br", Buffer.from(json), "neither gzip nor deflate"],
    ["gzip, gzip", gzipSync(json), "neither gzip nor deflate"],
    ["gzip", Buffer.from(json), "it is not gzip data"],
    ["gzip", gzipSync(json).subarray(0, -9), "it is not gzip data"],
    ["deflate", gzipSync(json), "it is not deflate data"],
  ])("%s that is not that is refused", async (coding, body, words) => {
    const { status, body: answer } = await postInfer(app(), body, { "content-encoding": coding });
    expect([status, answer.error]).toEqual([400, expect.stringContaining(words)]);
  });

  test("a body that inflates beyond the limit is refused: 100 MB in 100 kB", async () => {
    const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(bodyLimit);
    const { status, body } = await postInfer(app(), bomb, { "content-encoding": "gzip" });
    expect([status, body.error]).toEqual([413, `the body is larger than ${bodyLimit} bytes`]);
  });
});

describe("compressed answers", () => {
  const many = JSON.stringify({
    inputs: [{ ...question.inputs[0], shape: [20, 1], data: new Array(20).fill("item-3") }],
  });

  test.each([
    ["gzip", "gzip"],
    ["deflate", "deflate"],
    ["gzip, deflate, br", "gzip"],
    ["deflate;q=0.5, gzip;q=0", "deflate"],
    ["br", null],
    ["identity", null],
    ["gzip;q=0", null],
  ])("for %s: %s", async (accepted, coding) => {
    const { status, headers, body } = await postInfer(app(), many, { "accept-encoding": accepted });
    expect([status, headers.get("content-encoding"), headers.get("vary")]).toEqual([
      200,
      coding,
      "accept-encoding",
    ]);
    expect(body.outputs).toHaveLength(4);
  });

  test("a small answer is sent as it is", async () => {
    const { headers } = await postInfer(app(), json, { "accept-encoding": "gzip" });
    expect(headers.get("content-encoding")).toBeNull();
  });

  test("binary data is split after decompression", async () => {
    const asked = { ...JSON.parse(many), parameters: { binary_data_output: true } };
    const packed = await postInfer(app(), JSON.stringify(asked), { "accept-encoding": "gzip" });
    const plain = await postInfer(app(), many, { "accept-encoding": "identity" });
    expect(packed.headers.get("content-encoding")).toBe("gzip");
    expect(outputValues(packed).items).toEqual(outputValues(plain).items);
  });
});

describe("statistics", () => {
  const counted = sharedApp(tinyArtifact());

  test("calls, rows, runs and failures are counted, in whole nanoseconds", async () => {
    const { url } = counted();
    await askJson(counted(), { history: strings(["item-1", "item-2", "item-3"], [3, 1]) });
    await askJson(counted(), { history: strings(["item-1"], [1, 1]) });
    await askJson(counted(), { history: strings(["\u0000"], [1, 1]) });
    const paths = ["/v2/models/stats", "/v2/models/tiny/stats", "/v2/models/tiny/versions/1/stats"];
    const answers = await Promise.all(paths.map(async (path) => (await fetch(`${url}${path}`)).json()));
    const [{ model_stats }] = answers as [{ model_stats: readonly Record<string, unknown>[] }];
    expect(answers).toEqual([{ model_stats }, { model_stats }, { model_stats }]);
    expect(model_stats).toHaveLength(1);
    const [stats] = model_stats as readonly [
      { inference_stats: Record<string, { count: number; ns: number }> },
    ];
    expect(stats).toMatchObject({
      name: "tiny",
      version: "1",
      inference_count: 4,
      inference_stats: {
        success: { count: 2 },
        fail: { count: 1 },
        queue: { count: 4 },
        compute_input: { count: 2 },
        compute_infer: { count: 4 },
        compute_output: { count: 2 },
        cache_hit: { count: 0, ns: 0 },
      },
    });
    for (const { ns } of Object.values(stats.inference_stats)) expect(Number.isSafeInteger(ns)).toBe(true);
    expect(model_stats[0]!.last_inference).toBeGreaterThan(1.6e12);
    const batches = model_stats[0]!.batch_stats as readonly {
      batch_size: number;
      compute_infer: { count: number };
    }[];
    expect(batches.reduce((rows, batch) => rows + batch.batch_size * batch.compute_infer.count, 0)).toBe(4);
  });

  test("an unknown model has none", async () => {
    const answer = await readAnswer(await fetch(`${counted().url}/v2/models/nobody/stats`));
    expect(answer.status).toBe(404);
  });
});
