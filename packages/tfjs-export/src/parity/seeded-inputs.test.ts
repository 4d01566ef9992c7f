import { layers, model, type SymbolicTensor, sequential, input as symbolic } from "@tensorflow/tfjs-layers";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { converterFiles } from "../fixtures/converter-files.ts";
import { listLayersInputs } from "../layers-model/layers-inputs.ts";
import { loadTfjsModel } from "../load-tfjs-model.ts";
import type { ModelInput } from "../model-input.ts";
import { importTfjs } from "../tfjs.ts";
import { seedInputs } from "./seeded-inputs.ts";

const pixels: ModelInput = {
  name: "pixels",
  dtype: "float32",
  dims: [undefined, undefined, 3],
  idCount: undefined,
};
const ids: ModelInput = { name: "ids", dtype: "int32", dims: [undefined, 40], idCount: 7 };

describe("seedInputs", () => {
  test("fills open sizes: the first with the batch, others as told", () => {
    const inputs: readonly ModelInput[] = [
      pixels,
      { name: "fixed", dtype: "bool", dims: [2, 5], idCount: undefined },
      { name: "scalar", dtype: "int32", dims: [], idCount: undefined },
    ];
    const dims = (options: Parameters<typeof seedInputs>[1]) =>
      Object.values(seedInputs(inputs, options)).map((tensor) => [...tensor.dims]);
    expect(dims({ batch: 4 })).toEqual([[4, 32, 3], [2, 5], []]);
    expect(dims({ batch: 1, openSize: 9 })).toEqual([[1, 9, 3], [2, 5], []]);
  });

  test("is a function of the seed and the input, whatever stands beside it", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 5 }), (seed, batch) => {
        const alone = seedInputs([pixels], { batch, seed });
        expect(seedInputs([ids, pixels], { batch, seed }).pixels).toEqual(alone.pixels);
        expect(seedInputs([pixels], { batch, seed: seed + 1 }).pixels).not.toEqual(alone.pixels);
      }),
      { numRuns: 20 },
    );
  });

  test("keeps ids in their table, floats among them, and reaches all of it", () => {
    for (const dtype of ["int32", "float32"] as const) {
      const { data } = seedInputs([{ ...ids, dtype }], { batch: 10 }).ids!;
      expect([...new Set(data)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    }
  });

  test("draws floats of mean 0 and variance 1, integers of a byte, and both truth values", () => {
    const { x, n, b } = seedInputs(
      [
        { ...pixels, name: "x", dims: [undefined, 1000] },
        { ...ids, name: "n", dims: [undefined, 1000], idCount: undefined },
        { ...ids, name: "b", dtype: "bool" },
      ],
      { batch: 10 },
    );
    const mean = (values: ArrayLike<number>) =>
      Array.from(values).reduce((sum, v) => sum + v, 0) / values.length;
    expect(Math.abs(mean(x!.data))).toBeLessThan(0.05);
    expect(Math.abs(mean(Array.from(x!.data, (v) => v * v)) - 1)).toBeLessThan(0.05);
    expect([Math.min(...n!.data), Math.max(...n!.data)]).toEqual([0, 255]);
    expect(new Set(b!.data)).toEqual(new Set([0, 1]));
  });
});

describe("the inputs of a model", () => {
  const file = (name: string) => converterFiles.find((each) => each.name === name)!.path;

  test("of a GraphModel: signature names, open batch, ids of a gather", async () => {
    const loaded = await loadTfjsModel(file("text/graph"));
    expect(loaded.inputs).toEqual([
      { name: "ages", dtype: "float32", dims: [undefined, 2], idCount: undefined },
      { name: "ids", dtype: "int32", dims: [undefined, 12], idCount: 50 },
    ]);
    loaded.model.dispose();
  });

  test("of a LayersModel keep their names however often it is loaded", async () => {
    for (let time = 0; time < 2; time++) {
      const loaded = await loadTfjsModel(file("sequence/layers"));
      expect(loaded.inputs).toEqual([{ name: "ids", dtype: "float32", dims: [undefined, 6], idCount: 20 }]);
      loaded.model.dispose();
    }
  });

  test("are ids through reshaping layers and inner models, of the smallest table", async () => {
    await importTfjs();
    const history = symbolic({ shape: [6], name: "history" });
    const price = symbolic({ shape: [6], name: "price" });
    const tower = sequential({ layers: [layers.reshape({ targetShape: [2, 3], inputShape: [6] })] });
    tower.add(layers.embedding({ inputDim: 12, outputDim: 2 }));
    const parts = [
      layers.flatten().apply(tower.apply(history)),
      layers
        .flatten()
        .apply(
          layers.embedding({ inputDim: 9, outputDim: 2 }).apply(layers.dropout({ rate: 0.1 }).apply(history)),
        ),
      layers.dense({ units: 2 }).apply(price),
    ] as SymbolicTensor[];
    const whole = model({
      inputs: [history, price],
      outputs: layers.concatenate().apply(parts) as SymbolicTensor,
    });
    const issues: string[] = [];
    expect(listLayersInputs(whole, issues).map(({ name, idCount }) => [name, idCount])).toEqual([
      ["history", 9],
      ["price", undefined],
    ]);
    expect(issues).toEqual([]);
    whole.dispose();
  });
});
