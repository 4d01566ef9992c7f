// The encoder run by ONNX Runtime: every rule of the docblock is one case.
import { weightRange } from "@attune/contracts";
import { createGraph, writeModel } from "@attune/onnx";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { encodeHistory } from "./encode-history.ts";

const itemIds = ["a", "b", "c", "two words", "x,y", "日本", "😀"];

interface Row {
  readonly history: readonly string[];
  readonly weights?: readonly number[];
  readonly exclude?: readonly string[];
}

async function createEncoder(ids: readonly string[] = itemIds): Promise<InferenceSession> {
  const graph = createGraph();
  const raw = {
    history: graph.input("history", "string", ["batch", "length"]),
    weight: graph.input("history_weight", "float32", ["batch", "length"]),
    exclude: graph.input("exclude", "string", ["batch", "excluded"]),
  };
  const encoded = encodeHistory(graph.scope("history"), raw, ids);
  graph.output("index", encoded.history.index);
  graph.output("weight", encoded.history.weight);
  graph.output("unknown", encoded.unknownCount);
  graph.output("total", encoded.totalWeight);
  graph.output("hidden", encoded.hidden.index);
  graph.output("known", encoded.hidden.known);
  return InferenceSession.create(writeModel(graph.build({ name: "encoder" })));
}

/** Runs one batch; a row comes back as the weight per item index, and what is hidden. */
async function encode(session: InferenceSession, rows: readonly Row[]) {
  const length = Math.max(0, ...rows.map((row) => row.history.length));
  const excluded = Math.max(0, ...rows.map((row) => row.exclude?.length ?? 0));
  const pad = (values: readonly string[], width: number) => [
    ...values,
    ...Array<string>(width - values.length).fill(""),
  ];
  const weights = rows.flatMap(({ history, weights = history.map(() => 1) }) => [
    ...weights,
    ...Array<number>(length - history.length).fill(0),
  ]);
  const out = await session.run({
    history: new Tensor(
      "string",
      rows.flatMap((row) => pad(row.history, length)),
      [rows.length, length],
    ),
    history_weight: new Tensor("float32", Float32Array.from(weights), [rows.length, length]),
    exclude: new Tensor(
      "string",
      rows.flatMap((row) => pad(row.exclude ?? [], excluded)),
      [rows.length, excluded],
    ),
  });
  const numbers = (name: string) => Array.from(out[name]!.data as Iterable<number | bigint>, Number);
  const slice = (name: string, row: number, width: number) =>
    numbers(name).slice(row * width, (row + 1) * width);
  return rows.map((_, row) => {
    const index = slice("index", row, length);
    const weight = slice("weight", row, length);
    const hidden = slice("hidden", row, length + excluded);
    const known = slice("known", row, length + excluded);
    return {
      weights: Object.fromEntries(
        index.flatMap((item, at) => (weight[at]! > 0 ? [[item, weight[at]]] : [])),
      ) as Record<number, number>,
      counted: weight.filter((value) => value > 0).length,
      finite: weight.every(Number.isFinite),
      unknown: numbers("unknown")[row],
      total: numbers("total")[row],
      hidden: new Set(hidden.filter((_, at) => known[at] === 1)),
      indexes: [...index, ...hidden],
    };
  });
}

describe("encodeHistory", () => {
  test("maps ids with spaces, commas, other scripts and emoji", async () => {
    const [row] = await encode(await createEncoder(), [{ history: ["two words", "x,y", "日本", "😀"] }]);
    expect(row!.weights).toEqual({ 3: 1, 4: 1, 5: 1, 6: 1 });
  });

  test("counts unknown ids, and padding not at all", async () => {
    const [row, padded] = await encode(await createEncoder(), [
      { history: ["nope", "b", "nope", " b"] },
      { history: ["a"] },
    ]);
    expect(row).toMatchObject({ weights: { 1: 1 }, unknown: 3, total: 1 });
    expect(padded).toMatchObject({ weights: { 0: 1 }, unknown: 0, total: 1 });
  });

  test("counts an item given several times once, with its largest weight", async () => {
    const [row] = await encode(await createEncoder(), [
      { history: ["c", "a", "c", "c", "a", "nope", "a"], weights: [0.5, 2, 3, 0.25, 2, 9, 1] },
    ]);
    expect(row).toMatchObject({ weights: { 0: 2, 2: 3 }, counted: 2, total: 5, unknown: 1 });
  });

  test.each([
    ["zero", 0],
    ["negative", -1],
    ["NaN", Number.NaN],
    ["minus infinity", Number.NEGATIVE_INFINITY],
  ])("a weight that is %s counts nothing, but the item stays hidden", async (_, weight) => {
    const [row] = await encode(await createEncoder(), [{ history: ["b"], weights: [weight] }]);
    expect(row).toMatchObject({ weights: {}, total: 0, unknown: 0, finite: true, hidden: new Set([1]) });
  });

  test("brings weights into the range whose squares float32 holds", async () => {
    const [row] = await encode(await createEncoder(), [
      { history: ["a", "b"], weights: [Number.POSITIVE_INFINITY, 1e-30] },
    ]);
    expect(row!.weights[0]).toBe(Math.fround(weightRange.max));
    expect(row!.weights[1]).toBe(Math.fround(weightRange.min));
  });

  test("hides the history and what is excluded, not what is unknown", async () => {
    const [row] = await encode(await createEncoder(), [{ history: ["b", "nope"], exclude: ["c", "nix"] }]);
    expect(row).toMatchObject({ hidden: new Set([1, 2]), unknown: 1 });
  });

  test("takes histories and exclude lists of length 0", async () => {
    const session = await createEncoder();
    const nothing = { weights: {}, unknown: 0, total: 0 };
    expect(await encode(session, [{ history: [] }, { history: [] }])).toMatchObject([nothing, nothing]);
    const [row] = await encode(session, [{ history: [], exclude: ["a"] }]);
    expect(row).toMatchObject({ ...nothing, hidden: new Set([0]) });
  });

  test.each([1, 2])("a catalogue of %i items never gets an index outside of it", async (items) => {
    const [row] = await encode(await createEncoder(itemIds.slice(0, items)), [
      { history: ["a", "nope", "", "a"], exclude: ["nope", ""] },
    ]);
    expect(row).toMatchObject({ weights: { 0: 1 }, unknown: 1, hidden: new Set([0]) });
    expect(row!.indexes.every((index) => index >= 0 && index < items)).toBe(true);
  });

  test("the order of a history does not change a bit", async () => {
    const session = await createEncoder();
    const run = async (history: string[], weight: number[]) =>
      (
        await session.run({
          history: new Tensor("string", history, [1, 4]),
          history_weight: new Tensor("float32", Float32Array.from(weight), [1, 4]),
          exclude: new Tensor("string", [], [1, 0]),
        })
      ).weight!.data;
    expect(await run(["a", "b", "c", "a"], [0.1, 0.2, 0.3, 0.4])).toEqual(
      await run(["c", "a", "a", "b"], [0.3, 0.4, 0.1, 0.2]),
    );
  });
});
