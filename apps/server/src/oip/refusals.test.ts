/** What is refused: by status, by code, in words that say what to send instead; and the next question is answered. */
import { contextualCatalogue, float32, int64, strings, tinyArtifact } from "@attune/testkit";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { bodyLimit, sharedApp } from "./testing/oip-app.ts";
import { askBinary, askJson, type OipAnswer, postInfer } from "./testing/oip-client.ts";
import { protocolProblems } from "./testing/protocol-schemas.ts";

const app = sharedApp(tinyArtifact((same) => same, contextualCatalogue()));
const history = { name: "history", shape: [1, 1], datatype: "BYTES", data: ["item-1"] };

function ask(body: unknown): Promise<OipAnswer> {
  return postInfer(app(), typeof body === "string" ? body : JSON.stringify(body));
}

function expectRefusal({ status, headers, body }: OipAnswer, code: string, words: string): void {
  expect(body.error).toContain(words);
  expect(headers.get("x-attune-error")).toBe(code);
  expect(status).toBe(400);
  expect(headers.get("content-type")).toBe("application/json");
  expect(protocolProblems("inference_error_response", body)).toEqual([]);
}

afterEach(async () => {
  const { status } = await ask({ inputs: [history] });
  expect([status, app().openLeases]).toEqual([200, 0]);
});

const input = (change: object) => ({ inputs: [{ ...history, ...change }] });

test.each<[string, unknown, string]>([
  ["no object", [], "expected an object with inputs"],
  ["null", "null", "expected an object with inputs"],
  ["no inputs", {}, "inputs: expected a list"],
  ["inputs that are an object", { inputs: {} }, "inputs: expected a list"],
  ["no tensor at all", { inputs: [] }, "history is missing"],
  ["no history", { inputs: [{ name: "k", shape: [1], datatype: "INT64", data: [3] }] }, "history is missing"],
  ["a tensor without a name", { inputs: [{}] }, "inputs[0]: expected an object with name"],
  ["an unknown tensor", input({ name: "user" }), '"user" is no input of the model; known are history'],
  [
    "__proto__",
    '{"inputs":[{"name":"__proto__","shape":[1,1],"datatype":"BYTES","data":["a"]}]}',
    "is no input",
  ],
  ["a tensor twice", { inputs: [history, history] }, "given twice"],
  ["another datatype", input({ datatype: "INT64", data: [1] }), '"history" is BYTES, got INT64'],
  ["a datatype in small letters", input({ datatype: "bytes" }), '"bytes", which is no datatype'],
  [
    "FP16",
    { inputs: [history, { name: "age", shape: [1, 1], datatype: "FP16", data: [1] }] },
    "is FP32, got FP16",
  ],
  ["no datatype", input({ datatype: undefined }), "which is no datatype"],
  ["no shape", input({ shape: undefined }), "expected a list of at most 8 sizes"],
  [
    "a size of 2^64",
    '{"inputs":[{"name":"history","shape":[18446744073709551616,1],"datatype":"BYTES","data":["a"]}]}',
    "from 0 to 2^53 - 1",
  ],
  [
    "a size of 2^60",
    '{"inputs":[{"name":"history","shape":[1,1152921504606846976],"datatype":"BYTES","data":["a"]}]}',
    "from 0 to 2^53 - 1",
  ],
  ["a negative size", input({ shape: [1, -1] }), "shape[1]: expected an integer"],
  [
    "sizes whose product is beyond 2^53",
    input({ shape: [2, 2 ** 53 - 1] }),
    "more elements than any request can have",
  ],
  ["another rank", input({ shape: [1] }), "expected [batch, length], got [1]"],
  ["no rows", input({ shape: [0, 1], data: [] }), "expected 1 to 256 rows, got 0"],
  ["many rows of nothing", input({ shape: [2 ** 40, 0], data: [] }), "expected 1 to 256 rows"],
  [
    "257 rows",
    input({ shape: [257, 1], data: new Array(257).fill("item-1") }),
    "expected 1 to 256 rows, got 257",
  ],
  [
    "fewer elements than the shape",
    input({ shape: [1, 2] }),
    "expected 2 elements for the shape [1, 2], got 1",
  ],
  ["no data", input({ data: undefined }), "data: expected a list"],
  ["numbers for texts", input({ data: [1] }), "expected a text; element 0 is not"],
  ["null for a text", input({ data: [null] }), "expected a text"],
  ["a NUL in an id", input({ data: ["a\u0000b"] }), "must not hold a NUL character"],
  [
    "a batch that differs",
    { inputs: [history, { name: "age", shape: [2, 1], datatype: "FP32", data: [1, 2] }] },
    "batch is 1 in history, and 2 here",
  ],
  [
    "weights of another length",
    { inputs: [history, { name: "history_weight", shape: [1, 2], datatype: "FP32", data: [1, 1] }] },
    "length is 1 in history, and 2 here",
  ],
  [
    "a weight of 0",
    { inputs: [history, { name: "history_weight", shape: [1, 1], datatype: "FP32", data: [0] }] },
    "rows[0].history[0].weight",
  ],
  [
    "a weight that is missing",
    { inputs: [history, { name: "history_weight", shape: [1, 1], datatype: "FP32", data: [null] }] },
    "rows[0].history[0].weight",
  ],
  [
    "a number that float32 does not hold",
    { inputs: [history, { name: "age", shape: [1, 1], datatype: "FP32", data: [1e39] }] },
    "rows[0].features.age",
  ],
  [
    "k = 0",
    { inputs: [history, { name: "k", shape: [1], datatype: "INT64", data: [0] }] },
    "rows[0].k: expected an integer from 1 to 100",
  ],
  [
    "k of 2^60",
    '{"inputs":[{"name":"history","shape":[1,0],"datatype":"BYTES","data":[]},{"name":"k","shape":[1],"datatype":"INT64","data":[1152921504606846976]}]}',
    "an integer within 2^53",
  ],
  [
    "k as a fraction",
    { inputs: [history, { name: "k", shape: [1], datatype: "INT64", data: [1.5] }] },
    "an integer within 2^53",
  ],
  [
    "a history beyond the limit",
    input({ shape: [1, 51], data: new Array(51).fill("item-1") }),
    "51 entries, at most 50",
  ],
  [
    "an output twice",
    { inputs: [history], outputs: [{ name: "items" }, { name: "items" }] },
    '"items" is asked for twice',
  ],
  [
    "an unknown output",
    { inputs: [history], outputs: [{ name: "labels" }] },
    '"labels" is no output of the model; known are items',
  ],
  [
    "an output without a name",
    { inputs: [history], outputs: [{}] },
    "outputs[0]: expected an object with a name",
  ],
  ["outputs that are no list", { inputs: [history], outputs: "items" }, "outputs: expected a list"],
  ["an id that is a number", { inputs: [history], id: 42 }, "id: expected a text"],
  ["a huge id", { inputs: [history], id: "x".repeat(1025) }, "at most 1024 characters"],
  ["parameters that are a list", { inputs: [history], parameters: [] }, "parameters: expected an object"],
  [
    "a parameter that is an object",
    { inputs: [history], parameters: { top: {} } },
    "expected a text, a number or a boolean",
  ],
  ["a reserved parameter", { inputs: [history], parameters: { triton_x: 1 } }, '"triton_x": reserved'],
  ["a sequence", { inputs: [history], parameters: { sequence_id: 3 } }, "models keep no state"],
  [
    "shared memory",
    input({ data: undefined, parameters: { shared_memory_region: "x" } }),
    "shared memory is not served",
  ],
  [
    "classification",
    { inputs: [history], outputs: [{ name: "scores", parameters: { classification: 3 } }] },
    "classification extension is not served",
  ],
  [
    "a routing key that is empty",
    { inputs: [history], parameters: { routing_key: "" } },
    "1 to 256 characters",
  ],
  [
    "binary_data_output as a text",
    { inputs: [history], parameters: { binary_data_output: "yes" } },
    "expected true or false",
  ],
  [
    "a negative binary size",
    input({ data: undefined, parameters: { binary_data_size: -1 } }),
    "expected bytes",
  ],
  [
    "binary data without a header",
    input({ data: undefined, parameters: { binary_data_size: 4 } }),
    "adds up to 4, the body has 0 bytes",
  ],
  ["data and binary data", input({ parameters: { binary_data_size: 0 } }), "send one of them"],
])("%s", async (_, body, words) => {
  expectRefusal(await ask(body), "REQUEST_INVALID", words);
});

test("every problem is told, up to fifty", async () => {
  const { body } = await ask({ id: 1, inputs: [{ ...history, parameters: 1 }], outputs: 1 });
  expect(body.error!.match(/\n {2}- /g)).toHaveLength(3);
  const inputs = Array.from({ length: 10_000 }, (_, index) => ({ name: `x${index}` }));
  const many = await ask({ inputs });
  expect(many.body.error!.length).toBeLessThan(10_000);
});

describe("bodies", () => {
  test.each([
    ["no JSON", "{", "SERVER_BODY_INVALID", "the body is not valid JSON"],
    ["NaN", '{"inputs":[NaN]}', "SERVER_BODY_INVALID", 'found "N"'],
    ["deep JSON", `{"inputs":${"[".repeat(50_000)}${"]".repeat(50_000)}}`, "REQUEST_INVALID", "inputs[0]"],
    [
      "deep data",
      JSON.stringify(input({ data: "@" })).replace('"@"', `${"[".repeat(50_000)}${"]".repeat(50_000)}`),
      "REQUEST_INVALID",
      "nesting",
    ],
  ])("%s", async (_, body, code, words) => {
    expectRefusal(await ask(body), code, words);
  });

  test("too large a body is 413", async () => {
    const { status, body } = await ask(`{"inputs":"${"x".repeat(bodyLimit)}"}`);
    expect(status).toBe(413);
    expect(body.error).toContain(`larger than ${bodyLimit} bytes`);
  });

  test.each(["-1", "x", "1e3", "99999", "0x10", "18446744073709551616", "5, 5"])(
    "a header length of %s is refused",
    async (length) => {
      const headers = { "inference-header-content-length": length };
      const answer = await postInfer(app(), JSON.stringify({ inputs: [history] }), headers);
      expectRefusal(answer, "SERVER_HEADER_INVALID", "expected the bytes of the JSON");
    },
  );

  test("a header that cuts the JSON is no JSON", async () => {
    const headers = { "inference-header-content-length": "10" };
    const answer = await postInfer(app(), JSON.stringify({ inputs: [history] }), headers);
    expectRefusal(answer, "SERVER_BODY_INVALID", "the body is not valid JSON");
  });

  test("bytes that no input names are refused", async () => {
    const json = JSON.stringify({ inputs: [history] });
    const headers = { "inference-header-content-length": String(json.length) };
    expectRefusal(
      await postInfer(app(), `${json}xyz`, headers),
      "REQUEST_INVALID",
      "adds up to 0, the body has 3",
    );
  });

  test("a raw binary request does not fit a model with several inputs", async () => {
    const headers = { "inference-header-content-length": "0" };
    expectRefusal(
      await postInfer(app(), "item-1", headers),
      "REQUEST_INVALID",
      "send inputs with names and shapes",
    );
  });
});

describe("binary data", () => {
  /** One input with these bytes. */
  function askBytes(
    bytes: Buffer,
    { name, datatype, shape }: { name: string; datatype: string; shape: readonly number[] },
  ) {
    const inputs = [{ name, datatype, shape, parameters: { binary_data_size: bytes.length } }];
    const json = Buffer.from(JSON.stringify({ inputs }));
    const headers = { "inference-header-content-length": String(json.length) };
    return postInfer(app(), Buffer.concat([json, bytes]), headers);
  }

  test.each<[string, number[], readonly number[], string]>([
    ["an element longer than the data", [255, 255, 255, 255, 65], [1, 1], "element 0 ends behind the data"],
    ["a length that is cut", [1, 0], [1, 1], "need at least 4 bytes"],
    ["more elements than bytes", [0, 0, 0, 0], [1, 2 ** 40], "need at least"],
    ["bytes that are left", [0, 0, 0, 0, 9], [1, 1], "1 bytes are left"],
    ["no UTF-8", [1, 0, 0, 0, 0xff], [1, 1], "element 0 is not UTF-8"],
  ])("%s", async (_, bytes, shape, words) => {
    const answer = await askBytes(Buffer.from(bytes), { name: "history", datatype: "BYTES", shape });
    expectRefusal(answer, "REQUEST_INVALID", words);
  });

  test("numbers of another size are refused", async () => {
    const answer = await askBytes(Buffer.alloc(7), { name: "k", datatype: "INT64", shape: [1] });
    expectRefusal(answer, "REQUEST_INVALID", "expected 8 bytes for 1 elements, got 7");
  });

  test("an integer beyond 2^53 is refused, not rounded", async () => {
    const tensors = { history: strings(["item-1"], [1, 1]), k: int64([2n ** 60n]) };
    expectRefusal(await askBinary(app(), tensors), "REQUEST_INVALID", "rows[0].k");
  });

  test("any bytes get an answer of the protocol", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.option(fc.nat(220)), async (bytes, length) => {
        const headers: Record<string, string> =
          length === null ? {} : { "inference-header-content-length": String(length) };
        const { status, body } = await postInfer(app(), Buffer.from(bytes), headers);
        expect(status).toBe(400);
        expect(protocolProblems("inference_error_response", body)).toEqual([]);
      }),
      { numRuns: 200, seed: 10 },
    );
  });

  test("a tensor with any one field replaced is answered or refused, never 500", async () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(-1, 2 ** 64, "__proto__", [2 ** 31, 2 ** 31], [[]], [null]),
    );
    const field = fc.constantFrom("name", "shape", "datatype", "data", "parameters");
    await fc.assert(
      fc.asyncProperty(field, value, async (name, replaced) => {
        const { status } = await ask(input({ [name]: replaced }));
        expect([200, 400]).toContain(status);
      }),
      { numRuns: 200, seed: 10 },
    );
  });
});

test("a missing number may be null, and padding needs no weight", async () => {
  const inputs = [
    { ...history, shape: [2, 2], data: ["item-1", "", "item-1", "item-2"] },
    { name: "history_weight", shape: [2, 2], datatype: "FP32", data: [1, 0, 1, 1] },
    { name: "age", shape: [2, 1], datatype: "FP32", data: [null, 40] },
  ];
  const { status } = await ask({ inputs });
  expect(status).toBe(200);
});

test("an error says no path, no stack and nothing of the request beyond names", async () => {
  const { body } = await askJson(app(), {
    history: strings(["secret\u0000"], [1, 1]),
    age: float32([1], [1, 1]),
  });
  expect(body.error).not.toMatch(/secret|\/work|\/tmp|\bat \w+ \(/);
});
