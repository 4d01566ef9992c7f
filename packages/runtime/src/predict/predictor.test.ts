import { isAttuneError, type PredictRequest, type Session } from "@attune/contracts";
import {
  createFakeSession,
  tinyPredictCases,
  tinyPredictFake,
  tinyPredictManifest,
  tinyTasks,
} from "@attune/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createPredictor } from "./predictor.ts";

const text = fc.constantFrom("at", "日本", "new", "sale", "gift", "north", "南", "1", "2", "?", "");
const values = {
  number: fc.integer({ min: -100, max: 100 }),
  category: text,
  text,
  set: fc.array(text, { maxLength: 4 }),
};

/** A fake session that keeps the batch sizes it was asked for. */
function watched(session: Session, column: string): { session: Session; batches: number[] } {
  const batches: number[] = [];
  return {
    batches,
    session: {
      ...session,
      run(feeds, fetches) {
        batches.push(feeds[column]!.dims[0]!);
        return session.run(feeds, fetches);
      },
    },
  };
}

describe.each(tinyPredictCases)("$task", ({ tiny, model, artifact }) => {
  const open = () => createPredictor(createFakeSession(model), artifact.manifest);
  const inputs = fc.record(
    Object.fromEntries(tiny.columns.map(({ name, kind }) => [name, fc.option<unknown>(values[kind])])),
    { requiredKeys: [] },
  ) as fc.Arbitrary<PredictRequest["inputs"]>;

  test("property: many rows get the reference's answers, alone and in batches", async () => {
    const subject = open();
    await fc.assert(
      fc.asyncProperty(fc.array(inputs, { maxLength: 6 }), async (rows) => {
        const requests = rows.map((row) => ({ inputs: row }));
        const singles = await Promise.all(requests.map((each) => subject.predict(each)));
        expect(await subject.predictMany(requests)).toEqual(singles);
        expect(singles).toEqual(rows.map((row) => tiny.predict(row)));
      }),
    );
  });

  test("a row of nothing is a row of missing values", async () => {
    const nothing = Object.fromEntries(tiny.columns.map(({ name }) => [name, null]));
    expect(await open().predict({ inputs: {} })).toEqual(tiny.predict(nothing));
  });

  test("columns that the model does not take are refused by name, with every other problem", async () => {
    const [first, ...rest] = tiny.columns;
    const error = await open()
      .predictMany([
        { inputs: {} },
        { inputs: { colour: "red", [first!.name]: true as never } },
        { inputs: undefined as never },
        { inputs: {}, k: 3 } as never,
        7 as never,
      ])
      .catch((caught: unknown) => caught);
    if (!isAttuneError(error, "REQUEST_INVALID")) throw error;
    const known = [first!, ...rest].map(({ name }) => name).join(", ");
    expect(error.details.issues).toEqual([
      `requests[1].inputs.colour: unknown; known are ${known}`,
      expect.stringMatching(`^requests\\[1\\]\\.inputs\\.${first!.name}: expected .*, or null, got true$`),
      "requests[2].inputs: expected an object of values by column, got undefined",
      "requests[3].k: unknown; known are inputs",
      "requests[4]: expected an object, got 7",
    ]);
  });

  test("a thousand rows are four runs, and no rows are none", async () => {
    const { session, batches } = watched(createFakeSession(model), tiny.columns[0]!.name);
    const subject = createPredictor(session, artifact.manifest);
    expect(await subject.predictMany([])).toEqual([]);
    expect(await subject.predictMany(Array.from({ length: 1000 }, () => ({ inputs: {} })))).toHaveLength(
      1000,
    );
    expect(batches).toEqual([256, 256, 256, 232]);
  });

  test("close closes the session, twice is fine, and later requests are refused by code", async () => {
    const subject = open();
    await subject.close();
    await subject.close();
    const error = await subject.predict({ inputs: {} }).catch((caught: unknown) => caught);
    expect(isAttuneError(error, "RUNTIME_CLOSED")).toBe(true);
  });
});

test("a regression without bounds answers without bounds", async () => {
  const { regress } = tinyTasks;
  const manifest = tinyPredictManifest(regress);
  const outputs = manifest.signature.outputs.slice(0, 1);
  const model = { ...tinyPredictFake(regress), outputs: regress.signature.outputs.slice(0, 1) };
  const subject = createPredictor(createFakeSession(model), {
    ...manifest,
    signature: { ...manifest.signature, outputs },
  });
  expect(await subject.predict({ inputs: { age: 8 } })).toEqual({ value: 1 });
});
