// The document against the server: what its schemas allow is never refused, and what they forbid always is.
// ATTUNE_CASES=20000 tries more than a run of all tests has time for.
import { request } from "node:http";
import { contextualCatalogue, tinyArtifact, tinyPredictCases } from "@attune/testkit";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ask, get, sharedServer } from "../testing/harness.ts";
import type { JsonSchema } from "./json-schema.ts";
import { changed, type Schemas, valuesOf } from "./testing/values-of.ts";

/** What a body may have, in bytes: no schema can say it, so longer ones are not tried. */
const bodyLimit = 1024 * 1024;
const fits = (body: unknown) => Buffer.byteLength(JSON.stringify(body)) <= bodyLimit;

const numRuns = Number(process.env.ATTUNE_CASES ?? 150);

interface Parameter {
  readonly name: string;
  readonly in: "query" | "header" | "path";
  readonly schema: JsonSchema;
}

interface Document {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly parameters?: readonly Parameter[];
            readonly requestBody?: {
              readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>>;
            };
          }
        >
      >
    >
  >;
  readonly components: { readonly schemas: Schemas };
}

const cases = [
  { model: "recommend", path: "/v1/recommend", server: sharedServer() },
  {
    model: "recommend, with columns and times",
    path: "/v1/recommend",
    server: sharedServer(tinyArtifact((same) => same, contextualCatalogue())),
  },
  ...tinyPredictCases.map(({ task, artifact }) => ({
    model: task,
    path: "/v1/predict",
    server: sharedServer(artifact),
  })),
];

describe.each(cases)("$model", ({ path, server }) => {
  async function read() {
    const { paths, components } = (await get<Document>(server(), "/openapi.json")).body;
    const { schema } = paths[path]!.post!.requestBody!.content["application/json"]!;
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: "document", components });
    const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/'));
    return { schema, schemas: components.schemas, isAllowed: ajv.compile(absolute) };
  }

  test("answers every body that its document allows", async () => {
    const { schema, schemas, isAllowed } = await read();
    await fc.assert(
      fc.asyncProperty(valuesOf(schema, schemas).filter(fits), async (body) => {
        expect(isAllowed(body)).toBe(true);
        const { status, body: answer } = await ask(server(), body, path);
        expect([status, status === 200 ? {} : answer]).toEqual([200, {}]);
      }),
      { numRuns, seed: 5, endOnFailure: true },
    );
  });

  test("refuses every body that its document forbids, and no other", async () => {
    const { schema, schemas, isAllowed } = await read();
    let forbidden = 0;
    await fc.assert(
      fc.asyncProperty(valuesOf(schema, schemas).chain(changed).filter(fits), async (body) => {
        const allowed = isAllowed(body);
        if (!allowed) forbidden++;
        expect((await ask(server(), body, path)).status).toBe(allowed ? 200 : 400);
      }),
      { numRuns, seed: 6, endOnFailure: true },
    );
    expect(forbidden).toBeGreaterThan(numRuns / 4);
  });
});

const server = cases[0]!.server;

async function parametersOf(
  path: string,
  method: string,
  place: Parameter["in"],
): Promise<readonly Parameter[]> {
  const { paths } = (await get<Document>(server(), "/openapi.json")).body;
  return paths[path]![method]!.parameters!.filter((parameter) => parameter.in === place);
}

describe("GET /v1/items", () => {
  test("answers every query that its document allows", async () => {
    const parameters = await parametersOf("/v1/items", "get", "query");
    const queries = fc.record(
      Object.fromEntries(parameters.map(({ name, schema }) => [name, valuesOf(schema, {})])),
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(queries, async (query) => {
        const pairs = Object.entries(query).flatMap(([name, value]) =>
          [value].flat().map((one): [string, string] => [name, String(one)]),
        );
        const { status } = await get(server(), `/v1/items?${new URLSearchParams(pairs)}`);
        // A name of a model that is not served is an answer of its own.
        expect(status).toBe(query.model === undefined || query.model === "tiny" ? 200 : 404);
      }),
      { numRuns, seed: 7 },
    );
  });

  test.each([
    ["query", "a".repeat(201)],
    ["limit", "0"],
    ["limit", "201"],
    ["limit", "1.5"],
    ["limit", "ten"],
    ["limit", ""],
    ["ids", ",".repeat(200)],
  ])("refuses %s=%s, which its document forbids", async (name, value) => {
    const schema = (await parametersOf("/v1/items", "get", "query")).find((one) => one.name === name)!.schema;
    const isAllowed = new Ajv2020({ strict: false, coerceTypes: "array" }).compile({
      properties: { value: schema },
    });
    expect(isAllowed({ value })).toBe(false);
    expect((await get(server(), `/v1/items?${new URLSearchParams({ [name]: value })}`)).status).toBe(400);
  });
});

/** With headers as they are: fetch would refuse some. */
function statusWith(headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = { method: "POST", headers: { "content-type": "application/json", ...headers } };
    request(`${server().url}/v1/recommend`, options, (response) => {
      response.resume();
      resolve(response.statusCode!);
    })
      .on("error", reject)
      .end('{"history":[]}');
  });
}

describe("headers of POST /v1/recommend", () => {
  test("every one that the document allows is taken", async () => {
    const parameters = await parametersOf("/v1/recommend", "post", "header");
    expect(parameters.map(({ name }) => name)).toEqual(["x-routing-key", "x-request-timeout-ms"]);
    const key = fc.string({ unit: fc.constantFrom(..."aZ09-_.:/=é"), minLength: 1, maxLength: 256 });
    const timeout = fc.oneof(fc.integer({ min: 1000, max: 600_000 }), fc.constant(600_000)).map(String);
    await fc.assert(
      fc.asyncProperty(key, timeout, async (routing, ms) => {
        expect(await statusWith({ "x-routing-key": routing, "x-request-timeout-ms": ms })).toBe(200);
      }),
      { numRuns: Math.min(numRuns, 500), seed: 8 },
    );
  });

  test.each([
    ["x-routing-key", "a".repeat(257)],
    ["x-routing-key", ""],
    ["x-request-timeout-ms", "0"],
    ["x-request-timeout-ms", "600001"],
    ["x-request-timeout-ms", "-1"],
    ["x-request-timeout-ms", "1.5"],
    ["x-request-timeout-ms", "soon"],
    ["x-request-timeout-ms", ""],
  ])("%s: %s is refused", async (name, value) => {
    expect(await statusWith({ [name]: value })).toBe(400);
  });
});
