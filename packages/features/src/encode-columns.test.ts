import { createGraph, writeModel } from "@attune/onnx";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { checkColumns, encodeColumns, rawColumn } from "./encode-columns.ts";
import type { ColumnUse } from "./fragment.ts";

const columns: readonly ColumnUse[] = [
  { name: "size", kind: "number" },
  { name: "region", kind: "category", levels: ["north", "süd"] },
  { name: "tags", kind: "set", levels: ["a", "b"] },
  { name: "words", kind: "set", levels: ["x"] },
  { name: "query", kind: "text" },
];

async function createSession(): Promise<InferenceSession> {
  const graph = createGraph();
  const raw = Object.fromEntries(
    columns.map((column) => {
      const { dtype, dims } = rawColumn(column);
      return [column.name, graph.input(column.name, dtype, dims)];
    }),
  );
  for (const [name, column] of Object.entries(encodeColumns(graph.scope("columns"), columns, raw))) {
    const value =
      column.kind === "category" ? column.code : column.kind === "set" ? column.codes : column.value;
    graph.output(`${name}_out`, graph.node("Identity", [value]));
  }
  return InferenceSession.create(writeModel(graph.build({ name: "columns" })));
}

describe("encodeColumns", () => {
  test("codes known values, −1 unknown, −2 missing; sets of two columns may differ in length", async () => {
    const session = await createSession();
    const strings = (values: string[], dims: number[]) => new Tensor("string", values, dims);
    const out = await session.run({
      size: new Tensor("float32", Float32Array.of(1.5, Number.NaN, 0), [3, 1]),
      region: strings(["süd", "West", ""], [3, 1]),
      tags: strings(["a", "zz", "b", "", "", ""], [3, 2]),
      words: strings([], [3, 0]),
      query: strings(["hello", "", "日本"], [3, 1]),
    });
    const numbers = (name: string) => Array.from(out[name]!.data as Iterable<number | bigint>, Number);
    expect(numbers("size_out")).toEqual([1.5, Number.NaN, 0]);
    expect(numbers("region_out")).toEqual([1, -1, -2]);
    expect(numbers("tags_out")).toEqual([0, -1, 1, -2, -2, -2]);
    expect(out.words_out!.dims).toEqual([3, 0]);
    expect(out.query_out!.data).toEqual(["hello", "", "日本"]);
  });

  test("a set has a dim of its own name", () => {
    expect(columns.map((column) => rawColumn(column).dims.join())).toEqual([
      "batch,1",
      "batch,1",
      "batch,tags_values",
      "batch,words_values",
      "batch,1",
    ]);
  });
});

describe("checkColumns", () => {
  test("accepts columns that a graph can take", () => {
    expect(checkColumns(columns, ["history"])).toEqual([]);
  });

  test("names every problem of every column", () => {
    const issues = checkColumns(
      [
        { name: "history", kind: "text" },
        { name: "", kind: "number" },
        { name: "region", kind: "category", levels: ["", "a", "a"] },
        { name: "region", kind: "number" },
      ],
      ["history"],
    );
    expect(issues).toEqual([
      'column "history": the graph has an input or output of this name; rename the column',
      'column "": this is no name',
      'column "region", level 0: the id is empty',
      'column "region", level 2 ("a"): the id is that of level 1',
      'column "region": the model reads it twice',
    ]);
  });
});
