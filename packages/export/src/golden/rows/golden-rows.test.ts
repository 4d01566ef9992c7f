import type { PredictTask } from "@attune/contracts";
import { parseGoldenFile } from "@attune/contracts/manifest";
import type { RegressModel, ScoringModel } from "@attune/features";
import { describe, expect, test } from "vitest";
import {
  classModel,
  draftTable,
  hierarchyModel,
  linearModel,
  rowColumns,
} from "../../fixtures/row-models.ts";
import { rawRowOf, tableOf } from "../raw-rows.ts";
import { answerRows } from "./answers.ts";
import { createGoldenTableRows } from "./golden-rows.ts";

const models: { readonly [T in PredictTask]: ScoringModel<T> } = {
  classify: classModel(),
  regress: linearModel(),
  hierarchical: hierarchyModel(),
};

describe("createGoldenTableRows", () => {
  test.each(Object.keys(models) as PredictTask[])("holds edge rows and made-up rows, %s", (task) => {
    const model = models[task];
    const golden = createGoldenTableRows({ task, model, table: draftTable(80), seed: 42, count: 40 });
    const classes = "classes" in model.fragment ? { classes: model.fragment.classes } : {};
    const file = JSON.parse(JSON.stringify({ ...golden, ...classes, task }));
    expect(parseGoldenFile(file, "golden.json")).toEqual(file);
    expect(golden.rows).toHaveLength(40);
    const names = new Set(golden.rows.map(({ name }) => name));
    for (const name of [
      "all-missing",
      "all-unknown",
      "missing-size",
      "unknown-region",
      "numbers-high",
      "made-up",
    ]) {
      expect(names).toContain(name);
    }
    for (const { inputs } of golden.rows) {
      expect(Object.keys(inputs)).toEqual(rowColumns.map(({ name }) => name));
    }
  });

  test("each edge row is what its name says", () => {
    const { rows } = createGoldenTableRows({
      task: "hierarchical",
      model: models.hierarchical,
      table: draftTable(80),
      seed: 42,
    });
    const row = (name: string) => rows.find((one) => one.name === name)!;
    expect(Object.values(row("all-missing").inputs)).toEqual([null, null, null, null]);
    expect(row("all-unknown").expected.level).toBe("population");
    expect(row("levels-first").inputs).toMatchObject({ region: "north", shop: "s1", tags: ["a"] });
    expect(row("levels-last").expected.level).toBe("shop");
    expect(row("missing-region").expected.level).toBe("population");
    expect(row("numbers-high").inputs.size).toBeGreaterThan(1500);
    expect(row("sets-full").inputs.tags).toEqual(["a", "b", "日本"]);
  });

  test("works without rows", () => {
    const { rows } = createGoldenTableRows({
      task: "regress",
      model: models.regress,
      table: draftTable(0),
      seed: 42,
    });
    expect(rows.length).toBeGreaterThan(10);
  });

  test("refuses answers that are no numbers, naming every row", () => {
    const model: RegressModel = {
      ...linearModel({ bounds: false }),
      predict: ({ rowCount, columns }) => ({
        value: Float64Array.from({ length: rowCount }, (_, row) =>
          columns[0]!.missing?.[row] ? Number.NaN : 1,
        ),
      }),
    };
    expect(() => createGoldenTableRows({ task: "regress", model, table: draftTable(0), seed: 42 })).toThrow(
      expect.objectContaining({
        code: "EXPORT_GOLDEN",
        details: { kind: "linear", rows: expect.arrayContaining(["all-missing", "missing-size"]) },
      }),
    );
  });
});

describe("raw rows", () => {
  test("a table goes to raw values and back; what train never had stays unknown", () => {
    const table = draftTable(50);
    const rows = Array.from({ length: 50 }, (_, row) => rawRowOf(table, row, rowColumns));
    const back = tableOf(rows, rowColumns);
    const model = linearModel();
    const rounded = model.predict(table).value;
    model.predict(back).value.forEach((value, row) => {
      expect(Math.abs(value - rounded[row]!)).toBeLessThan(1e-5);
    });
    expect(rows.some(({ region }) => region === null)).toBe(true);
    expect(rows.some(({ region }) => typeof region === "string" && region.startsWith("no such"))).toBe(true);
  });
});

describe("answerRows", () => {
  test("quantiles lie between order statistics", () => {
    const draws = [3, 1, 4, 2, 5];
    const model = hierarchyModel(draws.length);
    const answers = answerRows("hierarchical", { ...model, predict: () => Float64Array.from(draws) }, [
      { region: "süd", shop: "s9" },
    ]);
    // 2.5 % of four steps is a tenth of one.
    expect(answers[0]).toMatchObject({ mean: 3, lower: 1.1, upper: 4.9, level: "region" });
  });

  test("the first of equally probable classes is the label", () => {
    const model = { ...classModel(), predict: () => Float64Array.of(0.25, 0.375, 0.375) };
    expect(answerRows("classify", model, [{}])).toEqual([
      { label: "maybe so", probabilities: { no: 0.25, "maybe so": 0.375, そう: 0.375 } },
    ]);
  });
});
