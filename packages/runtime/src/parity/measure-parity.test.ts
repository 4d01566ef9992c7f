import { isAttuneError, type Tensor } from "@attune/contracts";
import type { GoldenFile } from "@attune/contracts/manifest";
import {
  contextualCatalogue,
  createFakeSession,
  type FakeModel,
  tinyCatalogue,
  tinyFakeModel,
  tinyGolden,
  tinyPredictCases,
  tinyPredictFake,
  tinyPredictGolden,
  tinyTasks,
} from "@attune/testkit";
import { describe, expect, test } from "vitest";
import { assertParity, measureParity } from "./measure-parity.ts";

const catalogue = tinyCatalogue();
const golden = tinyGolden(catalogue);
const model = tinyFakeModel(catalogue);

/** The tiny recommender with its outputs changed after the fact. */
function measureChanged(
  change: (outputs: Record<string, Tensor>, batch: number) => Record<string, Tensor>,
  rows: GoldenFile<"recommend"> = golden,
) {
  const changed: FakeModel = {
    ...model,
    compute: (feeds) => change(model.compute(feeds), feeds.history!.dims[0]!),
  };
  return measureParity(createFakeSession(changed), rows);
}

function addToScores(outputs: Record<string, Tensor>, difference: number): Record<string, Tensor> {
  const scores = outputs.scores as Tensor<"float32">;
  return { ...outputs, scores: { ...scores, data: scores.data.map((score) => score + difference) } };
}

test("the reference agrees with itself on every row, alone and in batches", async () => {
  const result = await measureParity(createFakeSession(model), golden);
  expect(result).toMatchObject({
    runtime: "fake",
    version: "1",
    rows: golden.rows.length,
    maxAbs: 0,
    sameAnswer: 1,
  });
  expect(() => assertParity(result)).not.toThrow();
});

test("another runtime may be named in the result", async () => {
  const runtime = { name: "elsewhere", version: "2" };
  expect(await measureParity(createFakeSession(model), golden, runtime)).toMatchObject({
    runtime: "elsewhere",
    version: "2",
  });
});

test("a shift of the scores is measured, and refused beyond the tolerance", async () => {
  const result = await measureChanged((outputs) => addToScores(outputs, 0.001));
  expect(result.maxAbs).toBeCloseTo(0.001, 5);
  expect(result.sameAnswer).toBe(1);
  expect(() => assertParity(result, 0.01)).not.toThrow();
  try {
    assertParity(result);
    expect.unreachable();
  } catch (error) {
    expect(isAttuneError(error, "VERIFY_MISMATCH")).toBe(true);
    expect(String(error)).toContain(result.worst);
  }
});

test("a difference that only shows in a batch is found", async () => {
  const result = await measureChanged((outputs, batch) => (batch > 1 ? addToScores(outputs, 0.5) : outputs));
  expect(result.maxAbs).toBeCloseTo(0.5, 5);
  expect(result.worst).toContain("in a batch of");
});

test.each<[string, (outputs: Record<string, Tensor>) => Record<string, Tensor>]>([
  [
    "source",
    (outputs) => ({
      ...outputs,
      source: { ...outputs.source!, data: outputs.source!.data.slice().fill("model" as never) } as Tensor,
    }),
  ],
  [
    "unknown",
    (outputs) => ({
      ...outputs,
      unknown: { ...outputs.unknown!, data: new BigInt64Array(outputs.unknown!.data.length) } as Tensor,
    }),
  ],
  ["NaN scores", (outputs) => addToScores(outputs, Number.NaN)],
  [
    "shorter lists",
    (outputs) => ({
      ...outputs,
      items: { ...outputs.items!, data: outputs.items!.data.slice().fill("" as never) } as Tensor,
    }),
  ],
])("wrong %s fails whatever the tolerance", async (_, change) => {
  const result = await measureChanged(change);
  expect(result.maxAbs).toBe(Number.POSITIVE_INFINITY);
  expect(() => assertParity(result, 1e6)).toThrow();
});

test("near ties that change places cost only their difference, but are counted", async () => {
  const row = golden.rows[0]!;
  const { items, scores } = row.expected;
  const swapped = {
    ...row,
    expected: {
      ...row.expected,
      items: [items[1]!, items[0]!, ...items.slice(2)],
      scores,
    },
  };
  const result = await measureParity(createFakeSession(model), {
    ...golden,
    rows: [swapped, golden.rows[1]!],
  });
  expect(result.maxAbs).toBeCloseTo(scores[0]! - scores[1]!, 6);
  expect(result.sameAnswer).toBe(0.5);
});

/** The rows of `[batch, k]` data, each changed. */
function mapRows<T>(data: readonly T[], width: number, change: (row: readonly T[]) => readonly T[]): T[] {
  return Array.from({ length: data.length / width }, (_, row) =>
    change(data.slice(row * width, (row + 1) * width)),
  ).flat();
}

test.each<[string, <T>(row: readonly T[]) => readonly T[]]>([
  ["worst first", (row) => row.toReversed()],
  ["one item over and over", (row) => row.map(() => row[0]!)],
])("a list of the right items and scores, but %s, is refused", async (_, change) => {
  const row = golden.rows.find(({ expected }) => new Set(expected.scores).size > 2)!;
  const k = row.expected.items.length;
  const result = await measureChanged(
    (outputs) => {
      const scores = mapRows(Array.from(outputs.scores!.data as Float32Array), k, change);
      const items = mapRows(outputs.items!.data as readonly string[], k, change);
      return {
        ...outputs,
        items: { ...outputs.items!, data: items } as Tensor,
        scores: { ...outputs.scores!, data: Float32Array.from(scores) } as Tensor,
      };
    },
    { ...golden, rows: [{ ...row, k }] },
  );
  expect(result.sameAnswer).toBe(0);
  expect(() => assertParity(result)).toThrow();
});

test("an item the trainer does not list is compared by rank", async () => {
  const row = golden.rows[0]!;
  const { items, scores } = row.expected;
  const last = items.length - 1;
  const other = {
    ...row,
    expected: {
      ...row.expected,
      items: [...items.slice(0, last), "another"],
      scores: [...scores.slice(0, last), scores[last]! + 0.25],
    },
  };
  const result = await measureParity(createFakeSession(model), { ...golden, rows: [other] });
  expect(result.maxAbs).toBeCloseTo(0.25, 6);
  expect(result.sameAnswer).toBe(0);
});

test("no golden rows prove nothing", async () => {
  const result = await measureParity(createFakeSession(model), { ...golden, rows: [] });
  expect(result).toMatchObject({ rows: 0, maxAbs: 0, sameAnswer: 1 });
  expect(() => assertParity(result)).toThrow();
});

test("large scores are held to a relative tolerance, as float32 itself is", async () => {
  const scale = (tensor: Tensor<"float32">, factor: number) => ({
    ...tensor,
    data: tensor.data.map((score) => score * factor),
  });
  const large: GoldenFile<"recommend"> = {
    ...golden,
    rows: golden.rows.map((row) => ({
      ...row,
      expected: { ...row.expected, scores: row.expected.scores.map((score) => score * 1000) },
    })),
  };
  const off = (relative: number) =>
    measureChanged(
      (outputs) => ({
        ...outputs,
        scores: scale(outputs.scores as Tensor<"float32">, 1000 * (1 + relative)),
      }),
      large,
    );
  const close = await off(2e-6);
  expect(close.maxAbs).toBeGreaterThan(1e-5);
  expect(() => assertParity(close)).not.toThrow();
  const far = await off(1e-3);
  expect(() => assertParity(far)).toThrow();
});

test("a graph with times and columns is fed what its golden rows hold, and nothing where they hold nothing", async () => {
  const contextual = contextualCatalogue();
  const result = await measureParity(createFakeSession(tinyFakeModel(contextual)), tinyGolden(contextual));
  expect(result).toMatchObject({ maxAbs: 0, sameAnswer: 1 });
});

describe.each(tinyPredictCases)("$task", ({ tiny, model: rowModel, artifact: { golden: rowGolden } }) => {
  const measure = (change: (outputs: Record<string, Tensor>, batch: number) => Record<string, Tensor>) =>
    measureParity(
      createFakeSession({
        ...rowModel,
        compute: (feeds) => change(rowModel.compute(feeds), Object.values(feeds)[0]!.dims[0]!),
      }),
      rowGolden,
    );

  test("the reference agrees with itself on every row, alone and in batches", async () => {
    const result = await measure((same) => same);
    expect(result).toMatchObject({ rows: rowGolden.rows.length, maxAbs: 0, sameAnswer: 1 });
    expect(() => assertParity(result)).not.toThrow();
  });

  const numbers = tiny.signature.outputs.filter(({ dtype }) => dtype === "float32").map(({ name }) => name);
  test.each(numbers)(
    "another %s in batches is measured and refused; NaN counts as infinitely far",
    async (name) => {
      const shift = (by: number) =>
        measure((outputs, batch) => {
          const tensor = outputs[name] as Tensor<"float32">;
          if (batch === 1) return outputs;
          return { ...outputs, [name]: { ...tensor, data: tensor.data.map((value) => value + by) } };
        });
      const result = await shift(0.5);
      expect(result.maxAbs).toBeCloseTo(0.5, 5);
      expect(result.worst).toMatch(/^"[a-z-]+" \(row [0-3], in a batch of 4\): /);
      expect(() => assertParity(result)).toThrow();
      expect((await shift(Number.NaN)).maxAbs).toBe(Number.POSITIVE_INFINITY);
    },
  );
});

/** An output replaced for every row. */
const filled = (outputs: Record<string, Tensor>, name: string, value: string) => ({
  ...outputs,
  [name]: { ...outputs[name], data: outputs[name]!.data.slice().fill(value as never) } as Tensor,
});

function measureRows<T extends keyof typeof tinyTasks>(
  task: T,
  golden: GoldenFile,
  change: (outputs: Record<string, Tensor>) => Record<string, Tensor>,
) {
  const tiny = tinyTasks[task];
  const model = tinyPredictFake<T>(tiny);
  return measureParity(
    createFakeSession({ ...model, compute: (feeds) => change(model.compute(feeds)) }),
    golden,
  );
}

test("another label costs what the trainer finds between the two, and an unknown one everything", async () => {
  const golden = tinyPredictGolden(tinyTasks.classify);
  const other = await measureRows("classify", golden, (outputs) => filled(outputs, "label", "none"));
  const gaps = golden.rows.map(
    ({ expected: { label, probabilities } }) => probabilities[label]! - probabilities.none!,
  );
  expect(other.maxAbs).toBeCloseTo(Math.max(...gaps), 6);
  expect(other.sameAnswer).toBe(golden.rows.filter(({ expected }) => expected.label === "none").length / 4);
  expect(() => assertParity(other)).toThrow();
  const unknown = await measureRows("classify", golden, (outputs) => filled(outputs, "label", "3"));
  expect(unknown).toMatchObject({ maxAbs: Number.POSITIVE_INFINITY, sameAnswer: 0 });
});

test("a tie of two classes may go either way", async () => {
  const golden = tinyPredictGolden(tinyTasks.classify);
  const missing = golden.rows.find(({ name }) => name === "missing")!;
  const tied = await measureRows("classify", { ...golden, rows: [missing] }, (outputs) =>
    filled(outputs, "label", "10"),
  );
  expect(tied).toMatchObject({ maxAbs: 0, sameAnswer: 0 });
  expect(() => assertParity(tied)).not.toThrow();
});

test("another level is infinitely far, whatever the numbers", async () => {
  const golden = tinyPredictGolden(tinyTasks.hierarchical);
  const result = await measureRows("hierarchical", golden, (outputs) => filled(outputs, "level", "region"));
  expect(result).toMatchObject({ maxAbs: Number.POSITIVE_INFINITY, sameAnswer: 0.25 });
});

test("numbers within the tolerance are the same answer of a regression; a bound that is missing is not", async () => {
  const golden = tinyPredictGolden(tinyTasks.regress);
  const shift = (by: number) =>
    measureRows("regress", golden, (outputs) => ({
      ...outputs,
      value: {
        ...outputs.value!,
        data: (outputs.value!.data as Float32Array).map((value) => value + by),
      } as Tensor<"float32">,
    }));
  expect((await shift(2e-6)).sameAnswer).toBe(1);
  expect((await shift(1e-2)).sameAnswer).toBe(0);
  const { predict, ...rest } = tinyTasks.regress;
  const unbounded = {
    ...rest,
    predict: (row: Parameters<typeof predict>[0]) => ({ value: predict(row).value }),
  };
  const model: FakeModel = {
    inputs: rest.signature.inputs,
    outputs: rest.signature.outputs.slice(0, 1),
    compute: (feeds) => ({ value: tinyPredictFake(tinyTasks.regress).compute(feeds).value! }),
  };
  const lacking = await measureParity(createFakeSession(model), golden);
  expect(lacking.maxAbs).toBe(Number.POSITIVE_INFINITY);
  const own = await measureParity(createFakeSession(model), {
    ...golden,
    rows: golden.rows.map((row) => ({ ...row, expected: unbounded.predict(row.inputs) })),
  });
  expect(own).toMatchObject({ maxAbs: 0, sameAnswer: 1 });
});
