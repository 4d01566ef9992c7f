import { isAttuneError, type Tensor } from "@attune/contracts";
import type { GoldenFile } from "@attune/contracts/manifest";
import { createFakeSession, type FakeModel, tinyCatalogue, tinyFakeModel, tinyGolden } from "@attune/testkit";
import { expect, test } from "vitest";
import { assertParity, measureParity } from "./parity.ts";

const catalogue = tinyCatalogue();
const golden = tinyGolden(catalogue);
const model = tinyFakeModel(catalogue);

/** The tiny recommender with its outputs changed after the fact. */
function measureChanged(
  change: (outputs: Record<string, Tensor>, batch: number) => Record<string, Tensor>,
  rows: GoldenFile = golden,
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
    sameTopK: 1,
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
  expect(result.sameTopK).toBe(1);
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
  expect(result.sameTopK).toBe(0.5);
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
  expect(result.sameTopK).toBe(0);
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
  expect(result.sameTopK).toBe(0);
});

test("no golden rows prove nothing", async () => {
  const result = await measureParity(createFakeSession(model), { ...golden, rows: [] });
  expect(result).toMatchObject({ rows: 0, maxAbs: 0, sameTopK: 1 });
  expect(() => assertParity(result)).toThrow();
});

test("large scores are held to a relative tolerance, as float32 itself is", async () => {
  const scale = (tensor: Tensor<"float32">, factor: number) => ({
    ...tensor,
    data: tensor.data.map((score) => score * factor),
  });
  const large: GoldenFile = {
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
