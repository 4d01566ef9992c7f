// The graph in ONNX Runtime against the reference ranking, which shares no code with it.
import { writeModel } from "@attune/onnx";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { constantModel, itemIdsOf, neighbourModel, popularityOf } from "../../fixtures/models.ts";
import { loadModel, runBatch } from "../../fixtures/run-model.ts";
import { sequenceModel } from "../../fixtures/sequence-model.ts";
import {
  createReference,
  type ReferenceAnswer,
  type ReferenceRequest,
} from "../../golden/recommend/reference.ts";
import { metadataKeys } from "../metadata.ts";
import { buildRecommendGraph, type RecommendGraphInput } from "./recommend-graph.ts";

function inputOf(
  model: RecommendGraphInput["model"],
  more: Partial<RecommendGraphInput> = {},
): RecommendGraphInput {
  const items = model.fragment.itemCount;
  return {
    name: "test",
    model,
    popularity: popularityOf(items),
    itemIds: itemIdsOf(items),
    dataKey: "0123456789abcdef",
    trainingKey: "fedcba9876543210",
    duplicates: "highest",
    repeats: "drop",
    limits: { maxK: 1000, maxHistory: 1000, maxExclude: 1000, maxAllow: 1000 },
    ...more,
  };
}

async function loadOf(input: RecommendGraphInput) {
  const session = await loadModel(writeModel(buildRecommendGraph(input)));
  return {
    reference: createReference(input),
    run: (rows: readonly ReferenceRequest[]) => runBatch(session, rows, input.model.fragment.columns),
  };
}

function requestOf(history: readonly string[], more: Partial<ReferenceRequest> = {}): ReferenceRequest {
  return { history, weights: history.map(() => 1), exclude: [], allow: [], k: 10, ...more };
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
  const entry = fc.record({
    id,
    weight: fc.constantFrom(0.25, 0.5, 1, 2, 3),
    time: fc.constantFrom(1.7e9, 1.7e9 + 0.5, 1.7e9 - 3, -10, Number.NaN, 1e300),
  });
  return fc
    .record({
      entries: fc.array(entry, { maxLength: 12 }),
      exclude: fc.array(id, { maxLength: 8 }),
      allow: fc.oneof(fc.constant([]), fc.array(id, { maxLength: 8 })),
      features: fc.record({
        country: fc.constantFrom("cz", "日本", "xx", null),
        interests: fc.oneof(fc.constant(null), fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 4 })),
        age: fc.constantFrom(0, 3.5, -100, 100, null),
        query: fc.constantFrom("hello", "", "no", null),
      }),
      k: fc.integer({ min: 1, max: ids.length + 3 }),
    })
    .map(({ entries, ...rest }) => ({
      history: entries.map((one) => one.id),
      weights: entries.map((one) => one.weight),
      times: entries.map((one) => one.time),
      ...rest,
    }));
};

async function expectReference(input: RecommendGraphInput, numRuns: number): Promise<void> {
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
    { numRuns, seed: 7 },
  );
}

describe("buildRecommendGraph", () => {
  // Weights are multiples of 1/8: sums are exact in float32, so ties are ties and order is exact.
  test.each([
    { items: 1, addsToBase: true, duplicates: "last", repeats: "drop" },
    { items: 2, addsToBase: true, duplicates: "highest", repeats: "keep" },
    { items: 7, addsToBase: false, duplicates: "sum", repeats: "drop" },
    { items: 7, addsToBase: true, duplicates: "last", repeats: "keep" },
    { items: 40, addsToBase: true, duplicates: "highest", repeats: "drop" },
  ] as const)(
    "answers as the reference does, in any batch: %o",
    async ({ duplicates, repeats, ...options }) => {
      const input = inputOf(neighbourModel({ ...options, step: 0.125 }), { duplicates, repeats });
      await expectReference(input, 50);
    },
  );

  test.each([["order"], ["time"], ["order", "time"]] as const)(
    "answers as the reference does with order and features, needs %s %s",
    async (...needs) => {
      const given = needs.filter((need) => need !== undefined);
      await expectReference(inputOf(sequenceModel(9, given), { duplicates: "sum", repeats: "keep" }), 60);
    },
  );

  test("permuting rows permutes answers", async () => {
    const input = inputOf(neighbourModel({ items: 60 }));
    const { run } = await loadOf(input);
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitraryRequest(input.itemIds), { minLength: 2, maxLength: 6 }),
        async (rows) => {
          expect(await run(rows.toReversed())).toEqual((await run(rows)).toReversed());
        },
      ),
      { numRuns: 30, seed: 11 },
    );
  });

  test.each(["highest", "sum"] as const)("permuting a history changes nothing, %s", async (duplicates) => {
    const input = inputOf(neighbourModel({ items: 60 }), { duplicates });
    const { run } = await loadOf(input);
    const permuted = arbitraryRequest(input.itemIds).chain((row) =>
      fc
        .shuffledSubarray([...row.history.keys()], { minLength: row.history.length })
        .map((order): [ReferenceRequest, ReferenceRequest] => [
          row,
          {
            ...row,
            history: order.map((at) => row.history[at]!),
            weights: order.map((at) => row.weights[at]!),
          },
        ]),
    );
    await fc.assert(
      fc.asyncProperty(permuted, async (pair) => {
        const [first, second] = await run(pair);
        expect(second).toEqual(first);
      }),
      { numRuns: 60, seed: 11 },
    );
  });

  test("the newest weight of an item counts where the rule is last", async () => {
    const ids = ["a", "b", "c"];
    const model = neighbourModel({ items: 3 });
    const { run } = await loadOf(inputOf(model, { itemIds: ids, duplicates: "last" }));
    const [repeated, single] = await run([
      requestOf(["a", "b", "a", "no"], { weights: [3, 1, 0.5, 9] }),
      requestOf(["b", "a"], { weights: [1, 0.5] }),
    ]);
    expect({ ...repeated, unknown: 0 }).toEqual(single);
  });

  test("order and time decide where the model asks for them", async () => {
    const input = inputOf(sequenceModel(6), { repeats: "keep" });
    const { run } = await loadOf(input);
    const [a, b] = [input.itemIds[0]!, input.itemIds[1]!];
    const times = [1_700_000_000, 1_700_000_004];
    const rows = await run([
      requestOf([a, b], { times }),
      requestOf([b, a], { times }),
      requestOf([a, b], { times: [1_700_000_000, 1_700_000_001] }),
      requestOf([a, b]),
      requestOf([a, b], { times: [1_700_000_000, 1_700_000_000] }),
    ]);
    expect(new Set(rows.slice(0, 4).map(({ scores }) => scores.join()))).toHaveProperty("size", 4);
    expect(rows[4]).toEqual(rows[3]);
  });

  describe("allow", () => {
    const ids = ["a", "b", "c", "d", "e"];
    const input = inputOf(constantModel([1, 2, 3, 4, 5]), { itemIds: ids });
    const answer = async (more: Partial<ReferenceRequest>, history: readonly string[] = ["a"]) => {
      const { run } = await loadOf(input);
      return (await run([requestOf(history, more)]))[0]!.items.join("");
    };

    test("restricts nothing when it is empty or padding", async () => {
      expect(await answer({})).toBe("edcb");
      expect(await answer({ allow: ["", "", ""] })).toBe("edcb");
    });

    test("ranks only what it names, in any order and however often", async () => {
      expect(await answer({ allow: ["b", "d", "b", ""] })).toBe("db");
      expect(await answer({ allow: ["a", "c"] })).toBe("c");
    });

    test("ignores unknown ids, but a list of only those leaves nothing", async () => {
      expect(await answer({ allow: ["nope", "c"] })).toBe("c");
      expect(await answer({ allow: ["nope", "nix"] })).toBe("");
    });

    test("does not bring back what is excluded", async () => {
      expect(await answer({ allow: ["b", "c"], exclude: ["c"] })).toBe("b");
    });

    test("restricts popularity too, and the rows of a batch apart", async () => {
      const { run } = await loadOf(input);
      const lists = await run([
        requestOf([], { allow: ["a"] }),
        requestOf(["b"]),
        requestOf(["b"], { allow: ["zzz"] }),
      ]);
      expect(lists.map(({ items }) => items.join(""))).toEqual(["a", "edca", ""]);
    });
  });

  test("repeats that are kept may come back, excluded ones may not", async () => {
    const ids = ["a", "b", "c"];
    const keep = await loadOf(inputOf(constantModel([3, 2, 1]), { itemIds: ids, repeats: "keep" }));
    const drop = await loadOf(inputOf(constantModel([3, 2, 1]), { itemIds: ids, repeats: "drop" }));
    const rows = [requestOf(["a"]), requestOf(["a"], { exclude: ["b"] })];
    expect((await keep.run(rows)).map(({ items }) => items.join(""))).toEqual(["abc", "ac"]);
    expect((await drop.run(rows)).map(({ items }) => items.join(""))).toEqual(["bc", "c"]);
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

  test("a model that is the same for everyone never says that it answers as a model", async () => {
    const model = constantModel([3, 2, 1]);
    const impersonal = { ...model, fragment: { ...model.fragment, isImpersonal: true } };
    const input = inputOf(impersonal, { itemIds: ["a", "b", "c"] });
    const { run, reference } = await loadOf(input);
    const rows = [requestOf(["a"]), requestOf([]), requestOf(["nope"])];
    const answers = await run(rows);
    expect(answers.map(({ source }) => source)).toEqual(["fallback", "fallback", "fallback"]);
    expect(rows.map((row) => reference(row).source)).toEqual(["fallback", "fallback", "fallback"]);
    expect(answers[0]!.items).toEqual(["b", "c"]);
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
    const bytes = () => writeModel(buildRecommendGraph(inputOf(neighbourModel({ items: 30 }))));
    expect(Buffer.from(bytes()).equals(bytes())).toBe(true);
  });

  test("carries what a bare file needs, and nodes in readable scopes", () => {
    const model = buildRecommendGraph(inputOf(neighbourModel({ items: 30 })));
    expect(model.metadata).toMatchObject({
      [metadataKeys.task]: "recommend",
      [metadataKeys.items]: "30",
      [metadataKeys.kind]: "ease",
      [metadataKeys.maxK]: "1000",
      [metadataKeys.maxAllow]: "1000",
      [metadataKeys.signature]: "2",
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
    expect(() => buildRecommendGraph(broken)).toThrow(
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
    const code = (more: Partial<RecommendGraphInput>) => {
      try {
        buildRecommendGraph(inputOf(model, more));
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

  test("takes time and columns as inputs where the model reads them, and no others", () => {
    const declared = (model: RecommendGraphInput["model"]) =>
      buildRecommendGraph(inputOf(model)).graph.inputs.map(
        ({ name, dtype, dims }) => `${name} ${dtype} [${dims.join(", ")}]`,
      );
    const fixed = [
      "history string [batch, length]",
      "history_weight float32 [batch, length]",
      "exclude string [batch, excluded]",
      "allow string [batch, allowed]",
      "k int64 [1]",
    ];
    const columns = [
      "country string [batch, 1]",
      "interests string [batch, interests_values]",
      "age float32 [batch, 1]",
      "query string [batch, 1]",
    ];
    expect(declared(neighbourModel({ items: 4 }))).toEqual(fixed);
    expect(declared(sequenceModel(4, ["order"]))).toEqual(fixed.toSpliced(4, 0, ...columns));
    expect(declared(sequenceModel(4))).toEqual(
      fixed.toSpliced(4, 0, ...columns).toSpliced(2, 0, "history_time float64 [batch, length]"),
    );
  });

  test("refuses columns that are called as its own inputs and outputs, all at once", () => {
    const model = sequenceModel(4);
    const names = ["k", "scores", "", "k"];
    const columns = names.map((name) => ({ name, kind: "category" as const, levels: ["x", "x"] }));
    const broken = { ...model, fragment: { ...model.fragment, columns } };
    expect(() => buildRecommendGraph(inputOf(broken))).toThrow(
      expect.objectContaining({
        code: "EXPORT_COLUMNS",
        details: {
          issues: expect.arrayContaining([
            'column "k": the graph has an input or output of this name; rename the column',
            'column "scores": the graph has an input or output of this name; rename the column',
            'column "": this is no name',
            'column "k": the model reads it twice',
            'column "k", level 1 ("x"): the id is that of level 0',
          ]),
        },
      }),
    );
  });
});
