// Every factory of tf.layers: each case is exported with a symbolic batch and compared with tfjs-backend-cpu. A factory
// without an entry fails.
import { layers } from "@tensorflow/tfjs-layers";
import { describe, expect, test } from "vitest";
import { prepareLayerCase } from "../fixtures/prepare-case.ts";
import { expectOrtAgrees } from "../fixtures/run-prepared.ts";
import { layerCases } from "./cases/index.ts";

/** Entries beside the factories. */
const beside = ["model"];

test("every factory of tf.layers has an entry, and every entry a factory", () => {
  expect(Object.keys(layerCases).sort()).toEqual([...Object.keys(layers), ...beside].sort());
});

describe.each(Object.entries(layerCases))("%s", (_, entry) => {
  test("has cases, or a reason why not", () => {
    expect("skip" in entry ? entry.skip : entry).not.toHaveLength(0);
  });
  for (const layerCase of "skip" in entry ? [] : entry) {
    test(layerCase.name, async () => {
      await expectOrtAgrees(await prepareLayerCase(layerCase));
    });
  }
  for (const layerCase of "skip" in entry ? [] : entry.slice(0, 1)) {
    test("opset 17", async () => {
      const options = { ...layerCase.options, opset: 17 };
      await expectOrtAgrees(await prepareLayerCase({ ...layerCase, options }));
    });
  }
});
