// The graphs of the row-wise tasks in ONNX Runtime against the trainer's own answers, which share no code with them.
import type { RawValue } from "@attune/contracts";
import { writeModel } from "@attune/onnx";
import * as fc from "fast-check";
import type { InferenceSession } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { classModel, hierarchyModel, linearModel, rowColumns } from "../fixtures/row-models.ts";
import { feedColumns, loadModel } from "../fixtures/run-model.ts";
import { answerRows } from "../golden/rows/answers.ts";
import { buildClassifyGraph } from "./classify/classify-graph.ts";
import { buildHierarchicalGraph } from "./hierarchical/hierarchical-graph.ts";
import { buildRegressGraph } from "./regress/regress-graph.ts";

type Row = Record<string, RawValue>;

const origin = { name: "test", dataKey: "d", trainingKey: "t" };

const arbitraryRow: fc.Arbitrary<Row> = fc.record({
  size: fc.constantFrom(0, 1.5, -20, 1e4, null),
  region: fc.constantFrom("north", "süd", "two words", "nowhere", null),
  shop: fc.constantFrom("s1", "s4", "S1", null),
  tags: fc.oneof(
    fc.constant(null),
    fc.array(fc.constantFrom("a", "b", "日本", "zzz"), { minLength: 1, maxLength: 5 }),
  ),
});

const arbitraryRows = fc.array(arbitraryRow, { minLength: 1, maxLength: 6 });

/** Outputs by name, each cut into rows. */
async function run(session: InferenceSession, rows: readonly Row[]): Promise<readonly unknown[][]> {
  const out = await session.run(feedColumns(rowColumns, rows));
  return session.outputNames.map((name) => {
    const data = Array.from(out[name]!.data as ArrayLike<string | number>);
    const width = data.length / rows.length;
    return rows.map((_, r) => (width === 1 ? data[r] : data.slice(r * width, (r + 1) * width)));
  });
}

async function expectRows(
  session: InferenceSession,
  expected: (rows: readonly Row[]) => readonly (readonly unknown[])[],
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(arbitraryRows, async (rows) => {
      const actual = await run(session, rows);
      expectClose(actual, expected(rows));
      for (const [r, row] of rows.entries()) {
        const alone = await run(session, [row]);
        expect(alone.map(([own]) => own)).toEqual(actual.map((output) => output[r]));
      }
    }),
    { numRuns: 60, seed: 3 },
  );
}

/** Same texts, and numbers to float32 sums. */
function expectClose(actual: unknown, expected: unknown): void {
  if (Array.isArray(expected) && Array.isArray(actual)) {
    expect(actual).toHaveLength(expected.length);
    expected.forEach((value, at) => {
      expectClose(actual[at], value);
    });
  } else if (typeof expected === "number" && typeof actual === "number") {
    expect(Math.abs(actual - expected)).toBeLessThanOrEqual(2e-5 * Math.max(1, Math.abs(expected)));
  } else expect(actual).toBe(expected);
}

describe("buildClassifyGraph", () => {
  test("answers as the trainer does, alone and in any batch", async () => {
    const model = classModel();
    const session = await loadModel(writeModel(buildClassifyGraph({ ...origin, model })));
    expect(session.outputNames).toEqual(["label", "probabilities"]);
    await expectRows(session, (rows) => {
      const answers = answerRows("classify", model, rows);
      return [
        answers.map(({ label }) => label),
        answers.map(({ probabilities }) => Object.values(probabilities)),
      ];
    });
  });

  test("names the shape of its outputs, and its origin", () => {
    const built = buildClassifyGraph({ ...origin, model: classModel() });
    expect(built.graph.outputs.map(({ name, dims }) => `${name} [${dims.join(", ")}]`)).toEqual([
      "label [batch]",
      "probabilities [batch, 3]",
    ]);
    expect(built.metadata).toMatchObject({ "attune.task": "classify", "attune.signature": "1" });
  });

  test("refuses one class, empty and repeated ones, all at once", () => {
    const issuesOf = (classes: readonly string[]) => {
      try {
        buildClassifyGraph({ ...origin, model: classModel(classes) });
        return [];
      } catch (error) {
        return (error as { details: { issues: readonly string[] } }).details.issues;
      }
    };
    expect(issuesOf(["a", "b"])).toEqual([]);
    expect(issuesOf([""])).toEqual(["1 class: there must be two at least", "class 0: the id is empty"]);
    expect(issuesOf(["a", "a"])).toEqual(['class 1 ("a"): the id is that of class 0']);
  });
});

describe("buildRegressGraph", () => {
  test.each([true, false])("answers as the trainer does, bounds: %s", async (bounds) => {
    const model = linearModel({ bounds });
    const session = await loadModel(writeModel(buildRegressGraph({ ...origin, model })));
    expect(session.outputNames).toEqual(bounds ? ["value", "lower", "upper"] : ["value"]);
    await expectRows(session, (rows) => {
      const answers = answerRows("regress", model, rows);
      const value = answers.map((answer) => answer.value);
      return bounds ? [value, answers.map(({ lower }) => lower), answers.map(({ upper }) => upper)] : [value];
    });
  });

  test("refuses a model that reads nothing, and columns called as its outputs", () => {
    const model = linearModel();
    const code = (columns: typeof rowColumns) => {
      try {
        buildRegressGraph({ ...origin, model: { ...model, fragment: { ...model.fragment, columns } } });
        return "built";
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect(code(rowColumns)).toBe("built");
    expect(code([])).toBe("EXPORT_COLUMNS");
    expect(code([...rowColumns, { name: "value", kind: "number" }])).toBe("EXPORT_COLUMNS");
  });

  test("refuses weights that are not finite", () => {
    const model = linearModel({ bounds: false });
    const broken = {
      ...model,
      fragment: {
        ...model.fragment,
        build: (graph, columns) => {
          const { value } = model.fragment.build(graph, columns);
          const bad = graph.constant("bad", {
            dtype: "float32",
            dims: [],
            data: Float32Array.of(Number.NaN),
          });
          return { value: graph.node("Add", [value, bad]) };
        },
      } satisfies typeof model.fragment,
    };
    expect(() => buildRegressGraph({ ...origin, model: broken })).toThrow(
      expect.objectContaining({ code: "EXPORT_NOT_FINITE" }),
    );
  });
});

describe("buildHierarchicalGraph", () => {
  test.each([1, 2, 41, 200])("answers as the trainer does with %i draws", async (drawCount) => {
    const model = hierarchyModel(drawCount);
    const session = await loadModel(writeModel(buildHierarchicalGraph({ ...origin, model })));
    expect(session.outputNames).toEqual(["mean", "lower", "upper", "level"]);
    await expectRows(session, (rows) => {
      const answers = answerRows("hierarchical", model, rows);
      return (["mean", "lower", "upper", "level"] as const).map((name) =>
        answers.map((answer) => answer[name]),
      );
    });
  });

  test("a finer level counts only where every wider one is known", async () => {
    const model = hierarchyModel();
    const session = await loadModel(writeModel(buildHierarchicalGraph({ ...origin, model })));
    const rows: Row[] = [
      { region: "north", shop: "s1" },
      { region: "north", shop: "new" },
      { region: "new", shop: "s1" },
      { region: null, shop: "s1" },
      { region: "süd", shop: null },
    ];
    const [, , , level] = await run(session, rows);
    expect(level).toEqual(["shop", "region", "population", "population", "region"]);
  });

  test("refuses levels that it cannot read, and a hierarchy of none", () => {
    const model = hierarchyModel();
    const issuesOf = (levels: readonly string[], drawCount = 200) => {
      try {
        const fragment = { ...model.fragment, levels, drawCount };
        buildHierarchicalGraph({ ...origin, model: { ...model, fragment } });
        return [];
      } catch (error) {
        return (error as { details: { issues: readonly string[] } }).details.issues;
      }
    };
    expect(issuesOf(["shop"])).toEqual([]);
    expect(issuesOf(["size", "nowhere"])).toHaveLength(2);
    expect(issuesOf([])).toEqual(["no levels: there must be one at least"]);
    expect(issuesOf(["shop"], 0)).toEqual(["0 draws: there must be one at least"]);
  });
});
