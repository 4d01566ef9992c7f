import type { Prediction } from "@attune/contracts";
import { tinyPredictCases } from "@attune/testkit";
import { describe, expect, test } from "vitest";
import {
  artifactFolder,
  ask,
  type ErrorAnswer,
  get,
  scrape,
  sharedServer,
  startReadyServer,
} from "./testing/harness.ts";

/** Numbers to five digits, texts as they are. */
function expectAnswer(actual: unknown, wanted: unknown): void {
  if (typeof wanted === "number") expect(actual).toBeCloseTo(wanted, 5);
  else if (typeof wanted !== "object" || wanted === null) expect(actual).toBe(wanted);
  else {
    expect(Object.keys(actual as object).toSorted()).toEqual(Object.keys(wanted).toSorted());
    for (const [key, value] of Object.entries(wanted)) {
      expectAnswer((actual as Readonly<Record<string, unknown>>)[key], value);
    }
  }
}

describe.each(tinyPredictCases)("POST /v1/predict of $task", ({ task, tiny, artifact }) => {
  const server = sharedServer(artifact);
  const predict = <T>(body: unknown) => ask<T>(server(), body, "/v1/predict");

  test("one row in, one answer out", async () => {
    for (const inputs of Object.values(tiny.rows)) {
      const { status, body } = await predict<Prediction>({ inputs });
      expect(status).toBe(200);
      expectAnswer(body, tiny.predict(inputs));
    }
  });

  test("many in, many out, in order", async () => {
    const rows = [...Object.values(tiny.rows), {}];
    const { status, body } = await predict<{ results: Prediction[] }>({
      requests: rows.map((inputs) => ({ inputs })),
    });
    expect(status).toBe(200);
    expectAnswer(
      body.results,
      rows.map((row) => tiny.predict(row)),
    );
  });

  const column = tiny.columns[0]!.name;
  test.each<[string, unknown, RegExp]>([
    ["another column", { inputs: { colour: 1 } }, /inputs\.colour: unknown; known are /],
    ["a value of another kind", { inputs: { [column]: true } }, /inputs\.\w+: expected .*got true/],
    ["no inputs", {}, /inputs: expected an object of values by column, got undefined/],
    ["a request for recommendations", { history: [] }, /history: unknown; known are inputs/],
    ["a bad one of many", { requests: [{ inputs: {} }, 3] }, /requests\[1\]: expected an object, got 3/],
    ["no requests", { requests: [] }, /expected 1 to 256 requests, got 0/],
    ["__proto__", JSON.parse('{"inputs":{"__proto__":1}}'), /inputs\.__proto__: unknown/],
  ])("%s is refused", async (_, body, message) => {
    const answer = await predict<ErrorAnswer>(body);
    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatchObject({
      code: "REQUEST_INVALID",
      message: expect.stringMatching(message),
    });
  });

  test("there are no recommendations, and no items", async () => {
    const { status, body } = await ask<ErrorAnswer>(server(), { history: [] });
    expect(status).toBe(404);
    expect(body.error).toMatchObject({
      code: "SERVER_NOT_FOUND",
      message: "no route POST /v1/recommend; see /openapi.json",
    });
    expect((await get<ErrorAnswer>(server(), "/v1/items")).status).toBe(404);
  });

  test("the model, its readiness and its page say what answers", async () => {
    const model = await get(server(), "/v1/model");
    expect(model.body).toMatchObject({
      manifest: { task },
      parity: { rows: artifact.golden.rows.length, sameAnswer: 1 },
    });
    expect((await get(server(), "/readyz")).status).toBe(200);
    const page = await (await fetch(server().url)).text();
    expect(page).toContain(`<strong>tiny</strong>, version 1, a model of the task ${task}`);
    expect(page).toContain("POST /v1/predict");
    for (const { name, kind } of tiny.columns) expect(page).toContain(`<li>${name}: ${kind}</li>`);
  });
});

test("rows are counted, and the log says nothing of what was asked", async () => {
  const [{ artifact }] = tinyPredictCases as [(typeof tinyPredictCases)[number]];
  const lines: string[] = [];
  const record = (fields: object, message: string) => lines.push(message + JSON.stringify(fields));
  const logger = { debug: record, info: record, warn: record, error: record };
  const own = await startReadyServer({ artifactDir: await artifactFolder(artifact), logger });
  await ask(own, { requests: [{ inputs: { note: "private" } }, { inputs: {} }] }, "/v1/predict");
  await ask(own, { inputs: { private: 1 } }, "/v1/predict");
  const metrics = await scrape(own);
  expect(metrics.get("attune_predictions_total")!.samples.map(({ value }) => value)).toEqual([2]);
  expect(lines.join("\n")).not.toContain("private");
});
