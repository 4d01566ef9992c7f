import { expect, test } from "vitest";
import { inferProtocol, recommendProtocol } from "./http-engine.ts";

test("both protocols ask for the same and read the same slate", () => {
  const request = { history: ["a", "b"], k: 3 };
  expect(JSON.parse(recommendProtocol.encode(request))).toEqual(request);
  const infer = inferProtocol("movies");
  expect(infer.path).toBe("/v2/models/movies/infer");
  expect(JSON.parse(infer.encode(request)).inputs).toEqual([
    { name: "history", datatype: "BYTES", shape: [1, 2], data: ["a", "b"] },
    { name: "history_weight", datatype: "FP32", shape: [1, 2], data: [1, 1] },
    { name: "exclude", datatype: "BYTES", shape: [1, 0], data: [] },
    { name: "allow", datatype: "BYTES", shape: [1, 0], data: [] },
    { name: "k", datatype: "INT64", shape: [1], data: [3] },
  ]);
  const slate = { ids: ["x", "y"], scores: [0.5, 0.25], source: "model", unknown: 1 };
  expect(recommendProtocol.decode(JSON.stringify(slate))).toEqual(slate);
  const outputs = [
    { name: "items", data: ["x", "y", ""] },
    { name: "scores", data: [0.5, 0.25, null] },
    { name: "source", data: ["model"] },
    { name: "unknown", data: [1] },
  ];
  expect(infer.decode(JSON.stringify({ outputs }))).toEqual(slate);
});
