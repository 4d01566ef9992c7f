import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson, datasetKey } from "./content-key.ts";

test("one text per value, whatever the order of its keys", () => {
  expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: undefined, A: "x" })).toBe('{"A":"x","b":[{"c":2,"d":1}]}');
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).reverse());
      expect(canonicalJson(reversed)).toBe(canonicalJson(value));
    }),
  );
});

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
  for (const key of keys) expect(key).toMatch(/^[0-9a-f]{16}$/);
});
