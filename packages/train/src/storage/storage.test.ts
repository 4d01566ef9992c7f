import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Tensor } from "@attune/contracts";
import { failureOf } from "@attune/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hooksOf, regressOptions } from "../fixtures/options.ts";
import { lineDataset, toyFamily } from "../fixtures/toy-family.ts";
import { classifyTask } from "../rows/classify.ts";
import { readSafetensors, writeSafetensors } from "../safetensors.ts";
import { type TrainingResult, trainModels } from "../train-models.ts";
import { loadTraining } from "./load.ts";
import { saveTraining, trainingFiles } from "./save.ts";

describe("safetensors", () => {
  const tensors = {
    weights: { dtype: "float32", dims: [2, 2], data: Float32Array.of(1, -0, Math.fround(0.1), 3e38) },
    counts: { dtype: "int32", dims: [3], data: Int32Array.of(1, -2, 2 ** 31 - 1) },
    exact: { dtype: "float64", dims: [], data: Float64Array.of(Math.PI) },
    wide: { dtype: "int64", dims: [1], data: BigInt64Array.of(-(2n ** 62n)) },
    none: { dtype: "float32", dims: [0, 4], data: new Float32Array(0) },
  } as const satisfies Record<string, Tensor>;

  test("reads back what it wrote, bit for bit, wherever the bytes lie in their buffer", () => {
    const bytes = writeSafetensors(tensors);
    expect(readSafetensors(bytes, "x")).toEqual(tensors);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(readSafetensors(shifted.subarray(3), "x")).toEqual(tensors);
    expect(readSafetensors(Buffer.from(bytes), "x")).toEqual(tensors);
  });

  test("is the published layout: length, JSON header, data at a multiple of 8", () => {
    const bytes = writeSafetensors({ a: { dtype: "float32", dims: [1], data: Float32Array.of(2) } });
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect((8 + length) % 8).toBe(0);
    expect(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))).toEqual({
      a: { dtype: "F32", shape: [1], data_offsets: [0, 4] },
    });
    expect([...bytes.subarray(8 + length)]).toEqual([0, 0, 0, 64]);
  });

  test.each([
    ["too short", new Uint8Array(3)],
    ["cut off", writeSafetensors(tensors).subarray(0, 40)],
    ["cut off", writeSafetensors(tensors).subarray(0, -1)],
    ["not JSON", Uint8Array.of(4, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4)],
  ])("refuses a broken file: %s", async (reason, bytes) => {
    const failure = await failureOf(() => readSafetensors(bytes, "model.safetensors"));
    expect(failure.code).toBe("FILE_READ");
    expect(failure.message).toContain(reason);
    expect(failure.message).toContain("model.safetensors");
  });
});

const { manifest: manifestFile, released, measured } = trainingFiles;
const fileNames = [manifestFile, ...Object.values(released), ...Object.values(measured)];

describe("a saved training", () => {
  let root: string;
  let result: TrainingResult<"regress">;
  const dirOf = (name: string) => join(root, name);

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "attune-train-"));
    result = await trainModels(toyFamily, lineDataset(60), regressOptions(), hooksOf());
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  test("loads as the same models, with bit-equal weights and scores, and leaves nothing beside it", async () => {
    const manifest = await saveTraining(dirOf("a"), result);
    const loaded = await loadTraining(dirOf("a"), toyFamily);
    expect(loaded.manifest).toEqual(manifest);
    expect(loaded.released.chosen.kind).toBe(result.released.chosen.kind);
    expect(loaded.released.chosen.tensors()).toEqual(result.released.chosen.tensors());
    expect(loaded.released.chosen.description).toBe(result.released.chosen.description);
    expect(loaded.measured.baseline.tensors()).toEqual(result.measured.baseline.tensors());
    expect(loaded.released.schema).toEqual(result.released.schema);
    const { table } = lineDataset(10).rows;
    expect(loaded.released.chosen.predict(table)).toEqual(result.released.chosen.predict(table));
    expect(await readdir(root)).toEqual(["a"]);
    expect((await readdir(dirOf("a"))).sort()).toEqual(fileNames.toSorted());
  });

  test("replaces what was there", async () => {
    await saveTraining(dirOf("b"), result);
    const other = { ...result, manifest: { ...result.manifest, reason: "Another one." } };
    await saveTraining(dirOf("b"), other);
    expect((await loadTraining(dirOf("b"), toyFamily)).manifest.reason).toBe("Another one.");
  });

  test("same result, same bytes", async () => {
    await saveTraining(dirOf("c"), result);
    await saveTraining(dirOf("d"), result);
    for (const file of fileNames) {
      expect(await readFile(join(dirOf("c"), file))).toEqual(await readFile(join(dirOf("d"), file)));
    }
  });

  test("a changed and a missing file are both named, and nothing is loaded", async () => {
    await saveTraining(dirOf("e"), result);
    await writeFile(join(dirOf("e"), trainingFiles.released.chosen), "changed");
    await rm(join(dirOf("e"), trainingFiles.measured.baseline));
    const failure = await failureOf(() => loadTraining(dirOf("e"), toyFamily));
    expect(failure.code).toBe("TRAIN_DAMAGED");
    expect(failure.message).toContain("model.safetensors was changed");
    expect(failure.message).toContain("measured-baseline.safetensors is missing");
  });

  test("a model of another task, or of a trainer that the program lacks, is refused", async () => {
    await saveTraining(dirOf("g"), result);
    const other = await failureOf(() => loadTraining(dirOf("g"), { task: classifyTask, trainers: [] }));
    expect(other.message).toContain("was trained to regress, the config asks to classify");
    const lacking = await failureOf(() => loadTraining(dirOf("g"), { ...toyFamily, trainers: [] }));
    expect(lacking.code).toBe("TRAIN_UNKNOWN_KIND");
  });

  test("a folder without a manifest was never finished", async () => {
    await saveTraining(dirOf("f"), result);
    await rm(join(dirOf("f"), trainingFiles.manifest));
    expect((await failureOf(() => loadTraining(dirOf("f"), toyFamily))).code).toBe("FILE_READ");
  });

  test("a place that cannot be written is an error that names it", async () => {
    await writeFile(dirOf("file"), "");
    const failure = await failureOf(() => saveTraining(join(dirOf("file"), "inside"), result));
    expect(failure.code).toBe("FILE_WRITE");
    expect(failure.message).toContain("inside");
  });
});
