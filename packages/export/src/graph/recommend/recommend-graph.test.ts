// The graph in ONNX Runtime against the reference ranking, which shares no code with it.
import { writeModel } from "@attune/onnx";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { constantModel, itemIdsOf, neighbourModel, popularityOf } from "../fixtures/models.ts";
import { loadModel, runBatch } from "../fixtures/run-model.ts";
import { createReference, type ReferenceAnswer, type ReferenceRequest } from "../golden/reference.ts";
import { buildRecommendModel, metadataKeys, type RecommendModelInput } from "./recommend-model.ts";

function inputOf(
  model: RecommendModelInput["model"],
  more: Partial<RecommendModelInput> = {},
): RecommendModelInput {
  const items = model.fragment.itemCount;
  return {
    name: "test",
    model,
    popularity: popularityOf(items),
    itemIds: itemIdsOf(items),
    dataKey: "0123456789abcdef",
    trainingKey: "fedcba9876543210",
    limits: { maxK: 1000, maxHistory: 1000, maxExclude: 1000 },
    ...more,
  };
}

async function loadOf(input: RecommendModelInput) {
  const session = await loadModel(writeModel(buildRecommendModel(input)));
  return { reference: createReference(input), run: (rows: ReferenceRequest[]) => runBatch(session, rows) };
}

function requestOf(history: readonly string[], more: Partial<ReferenceRequest> = {}): ReferenceRequest {
  return { history, weights: history.map(() => 1), exclude: [], k: 10, ...more };
}

/** Same ids in the same order, scores to float32 sums in another order. */
function expectAnswer(actual: ReferenceAnswer, expected: ReferenceAnswer): void {
  expect(actual.items).toEqual(expected.items);
  expect(actual.source).toBe(expected.source);
  expect(actual.unknown).toBe(expected.unknown);
  actual.scores.forEach((score, rank) => {
    expect(Math.abs(score - expected.scores[rank]!)).toBeLessThanOrEqual(1e-5);
  });
}

const arbitraryRequest = (ids: readonly string[]): fc.Arbitrary<ReferenceRequest> => {
  const id = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...ids) }, fc.constantFrom("no", "", "ä ö"));
  const entry = fc.record({ id, weight: fc.constantFrom(0.25, 0.5, 1, 2, 3) });
  return fc
    .record({
      entries: fc.array(entry, { maxLength: 12 }),
      exclude: fc.array(id, { maxLength: 8 }),
      k: fc.integer({ min: 1, max: ids.length + 3 }),
    })
    .map(({ entries, exclude, k }) => ({
      history: entries.map((one) => one.id),
      weights: entries.map((one) => one.weight),
      exclude,
      k,
    }));
};

describe("buildRecommendModel", () => {
  // Weights are multiples of 1/8: sums are exact in float32, so ties are ties and order is exact.
  test.each([
    { items: 1, addsToBase: true },
    { items: 2, addsToBase: true },
    { items: 7, addsToBase: false },
    { items: 40, addsToBase: true },
  ])("answers as the reference does, $items items, adds to base: $addsToBase", async (options) => {
    const input = inputOf(neighbourModel({ ...options, step: 0.125 }));
    const { reference, run } = await loadOf(input);
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitraryRequest(input.itemIds), { minLength: 1, maxLength: 5 }),
        async (rows) => {
          const answers = await run(rows);
          for (const [r, row] of rows.entries()) {
            expectAnswer(answers[r]!, reference(row));
            expect(answers[r]).toEqual((await run([row]))[0]);
          }
        },
      ),
      { numRuns: 60, seed: 7 },
    );
  });

  test("permuting rows permutes answers, permuting a history changes nothing", async () => {
    const input = inputOf(neighbourModel({ items: 60 }));
    const { run } = await loadOf(input);
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitraryRequest(input.itemIds), { minLength: 2, maxLength: 6 }),
        async (rows) => {
          const answers = await run(rows);
          expect(await run(rows.toReversed())).toEqual(answers.toReversed());
          const turned = rows.map((row) => ({
            ...row,
            history: row.history.toReversed(),
            weights: Array.from(row.weights).reverse(),
          }));
          expect(await run(turned)).toEqual(answers);
        },
      ),
      { numRuns: 40, seed: 11 },
    );
  });

  test("answers an empty history and one of unknown ids with popularity, ties by index", async () => {
    const popularity = Float32Array.of(2, 5, 2, 5, 2);
    const input = inputOf(neighbourModel({ items: 5 }), { popularity, itemIds: ["a", "b", "c", "d", "e"] });
    const { run } = await loadOf(input);
    const popular = { items: ["b", "d", "a", "c", "e"], scores: [5, 5, 2, 2, 2], source: "fallback" };
    expect(await run([requestOf([]), requestOf(["nope", "nix"])])).toEqual([
      { ...popular, unknown: 0 },
      { ...popular, unknown: 2 },
    ]);
    const [answer] = await run([requestOf([], { exclude: ["b", "nope"] })]);
    expect(answer).toMatchObject({ items: ["d", "a", "c", "e"], unknown: 0 });
  });

  test("equal scores come in item order, also at the cut", async () => {
    const input = inputOf(constantModel([1, 1, 3, 1, 3, 1]), { itemIds: ["a", "b", "c", "d", "e", "f"] });
    const { run } = await loadOf(input);
    for (const [k, expected] of [
      [1, "c"],
      [3, "cea"],
      [4, "ceab"],
      [9, "ceabd"],
    ] as const) {
      expect((await run([requestOf(["f"], { k })]))[0]!.items.join("")).toBe(expected);
    }
  });

  test("negative scores rank below zero and are not taken for hidden ones", async () => {
    const { run } = await loadOf(inputOf(constantModel([-5, -1, 0]), { itemIds: ["a", "b", "c"] }));
    const [answer] = await run([requestOf(["c"])]);
    expect(answer).toMatchObject({ items: ["b", "a"], scores: [-1, -5] });
  });

  test("never returns NaN as a score of an item, whatever the weights", async () => {
    const input = inputOf(neighbourModel({ items: 20 }));
    const { run } = await loadOf(input);
    const history = input.itemIds.slice(0, 4);
    for (const weight of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -1, 1e-40]) {
      const [answer] = await run([requestOf(history, { weights: history.map(() => weight) })]);
      expect(answer!.items).toHaveLength(10);
      expect(answer!.scores.every(Number.isFinite)).toBe(true);
      expect(answer!.items.some((id) => history.includes(id))).toBe(false);
      expect(answer!.source).toBe(weight > 0 ? "model" : "fallback");
    }
  });

  test("the same input gives the same bytes", () => {
    const bytes = () => writeModel(buildRecommendModel(inputOf(neighbourModel({ items: 30 }))));
    expect(Buffer.from(bytes()).equals(bytes())).toBe(true);
  });

  test("carries what a bare file needs, and nodes in readable scopes", () => {
    const model = buildRecommendModel(inputOf(neighbourModel({ items: 30 })));
    expect(model.metadata).toMatchObject({
      [metadataKeys.task]: "recommend",
      [metadataKeys.items]: "30",
      [metadataKeys.kind]: "ease",
      [metadataKeys.maxK]: "1000",
    });
    const scopes = new Set(model.graph.nodes.map((node) => node.name.split("/")[0]));
    expect([...scopes]).toEqual(expect.arrayContaining(["history", "fallback", "ease", "rank"]));
    expect(model.graph.outputs.map(({ name, dims }) => `${name} [${dims.join(", ")}]`)).toEqual([
      "items [batch, k]",
      "scores [batch, k]",
      "source [batch]",
      "unknown [batch]",
    ]);
  });

  test("refuses weights that are not finite, naming every tensor", () => {
    const broken = inputOf(constantModel([1, Number.NaN, Number.POSITIVE_INFINITY]), {
      popularity: Float32Array.of(1, Number.NaN, 0),
    });
    expect(() => buildRecommendModel(broken)).toThrow(
      expect.objectContaining({
        code: "EXPORT_NOT_FINITE",
        details: {
          tensors: [
            expect.stringContaining("fallback/popularity [1, 3]: 1 of 3"),
            expect.stringContaining("constant/scores [1, 3]: 2 of 3"),
          ],
        },
      }),
    );
  });

  test("refuses ids a graph cannot hold, and parts of different catalogues", () => {
    const model = neighbourModel({ items: 3 });
    const code = (more: Partial<RecommendModelInput>) => {
      try {
        buildRecommendModel(inputOf(model, more));
        return "built";
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect(code({})).toBe("built");
    expect(code({ itemIds: ["a", "", "a"] })).toBe("EXPORT_IDS");
    expect(code({ itemIds: ["a", "b"] })).toBe("EXPORT_CATALOGUE");
    expect(code({ popularity: popularityOf(4) })).toBe("EXPORT_CATALOGUE");
  });
});
