import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson, contentKey } from "./content-key.ts";

test("one text per value, whatever the order of its keys", () => {
  expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: undefined, A: "x" })).toBe('{"A":"x","b":[{"c":2,"d":1}]}');
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).reverse());
      expect(canonicalJson(reversed)).toBe(canonicalJson(value));
    }),
  );
});

test("the key changes with each of its inputs, and with nothing else", () => {
  const base = { step: "train", codeVersion: 1, parameters: { seed: 1, models: ["a", "b"] } };
  const keys = [
    base,
    { ...base, step: "prepare" },
    { ...base, codeVersion: 2 },
    { ...base, parameters: { seed: 2, models: ["a", "b"] } },
    { ...base, parameters: { seed: 1, models: ["b", "a"] } },
    { ...base, dataset: "aa" },
  ].map(contentKey);

  expect(new Set(keys).size).toBe(keys.length);
  for (const key of keys) expect(key).toMatch(/^[0-9a-f]{16}$/);
  const reordered = {
    parameters: { models: ["a", "b"], seed: 1 },
    absent: undefined,
    codeVersion: 1,
    step: "train",
  };
  expect(contentKey(reordered)).toBe(keys[0]);
});

// Keys name folders and stand in released models: one that moves by accident makes every project start over.
test("is the sha256 of the canonical JSON, cut", () => {
  // printf '{"codeVersion":1,"step":"train"}' | sha256sum
  expect(contentKey({ step: "train", codeVersion: 1 })).toBe("4e6ae6f51405fb72");
});
