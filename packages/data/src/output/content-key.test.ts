import { expect, test } from "vitest";
import { datasetKey } from "./content-key.ts";

test("the key changes with each of its inputs", () => {
  const base = { parameters: { seed: 1 }, files: { events: "aa" }, engine: { name: "duckdb", version: "1" } };
  const keys = [
    base,
    { ...base, parameters: { seed: 2 } },
    { ...base, files: { events: "ab" } },
    { ...base, files: { events: "aa", items: "bb" } },
    { ...base, engine: { name: "duckdb", version: "2" } },
  ].map(datasetKey);

  expect(new Set(keys).size).toBe(keys.length);
});

// Keys are in released models: one that moves by accident makes every project prepare and train again.
test("the key of an input stays", () => {
  const inputs = {
    parameters: { seed: 1 },
    files: { events: "aa" },
    engine: { name: "duckdb", version: "1" },
  };
  expect(datasetKey(inputs)).toBe("a67211cd44b7e07e");
});
