import { writeModel } from "@attune/onnx";
import { describe, expect, test } from "vitest";
import { itemIdsOf, neighbourModel, popularityOf } from "../fixtures/models.ts";
import { checkArtifactModel } from "./check-artifact-model.ts";
import { assertSize, projectSize } from "./project-size.ts";
import { buildRecommendGraph } from "./recommend/recommend-graph.ts";

const limits = { maxK: 10, maxHistory: 10, maxExclude: 10, maxAllow: 10 };

function bytesOf(items: number): { bytes: Uint8Array; projected: number } {
  const model = neighbourModel({ items });
  const itemIds = itemIdsOf(items);
  const popularity = popularityOf(items);
  const built = buildRecommendGraph({
    name: "size",
    model,
    popularity,
    itemIds,
    dataKey: "d",
    trainingKey: "t",
    duplicates: "last",
    repeats: "drop",
    limits,
  });
  const { totalBytes } = projectSize({ itemIds, weightBytes: model.fragment.bytes });
  return { bytes: writeModel(built), projected: totalBytes };
}

describe("projectSize", () => {
  test.each([1, 100, 5000])("is close to the written file, %i items", (items) => {
    const { bytes, projected } = bytesOf(items);
    expect(Math.abs(projected - bytes.length)).toBeLessThan(2000 + bytes.length / 100);
  });

  test("a model at the limit passes, one byte more does not", () => {
    const size = projectSize({ itemIds: ["a", "é"], weightBytes: 1000 });
    expect(() => assertSize(size, size.totalBytes)).not.toThrow();
    expect(() => assertSize(size, size.totalBytes - 1)).toThrow(
      expect.objectContaining({ code: "EXPORT_TOO_LARGE" }),
    );
  });
});

describe("checkArtifactModel", () => {
  test("reads back what was written", () => {
    expect(checkArtifactModel(bytesOf(7).bytes).metadata["attune.items"]).toBe("7");
  });

  test("refuses what is no ONNX file, and an op that is not in the list", () => {
    const code = (bytes: Uint8Array) => {
      try {
        checkArtifactModel(bytes);
        return "accepted";
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    const { bytes } = bytesOf(7);
    expect(code(new TextEncoder().encode("<!doctype html>"))).toBe("ONNX_PARSE");
    expect(code(bytes.subarray(0, bytes.length / 2))).toBe("ONNX_PARSE");
    const broken = Buffer.from(bytes);
    const at = broken.indexOf("GatherElements");
    broken.write("GatherElephant", at);
    expect(code(broken)).toBe("ONNX_INVALID");
  });
});
