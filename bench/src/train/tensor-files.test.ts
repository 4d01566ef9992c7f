import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readWorkload, writeWorkload } from "./tensor-files.ts";
import { mlp } from "./workloads/mlp.ts";
import { transformer } from "./workloads/transformer.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "attune-bench-"));
});
afterEach(() => rm(dir, { recursive: true }));

test("weights and eight different batches come back as they were written, the same each time", async () => {
  await writeWorkload(dir, mlp);
  const { index, weights, batches } = await readWorkload(dir);
  expect(index).toMatchObject({ workload: "mlp", adam: { learningRate: 1e-3, epsilon: 1e-7 } });
  expect(weights.map(({ name, dims }) => `${name} ${dims.join("x")}`)).toEqual([
    "hidden1.kernel 32x64",
    "hidden1.bias 64",
    "hidden2.kernel 64x64",
    "hidden2.bias 64",
    "output.kernel 64x1",
    "output.bias 1",
  ]);
  expect(new Set(batches.map(([x]) => x!.values[0])).size).toBe(8);
  await writeWorkload(dir, mlp);
  expect((await readWorkload(dir)).weights).toEqual(weights);
});

test("indexes stay integers, from 1 to the last item", async () => {
  await writeWorkload(dir, transformer);
  const { batches } = await readWorkload(dir);
  const values = batches.flatMap((batch) => batch.map(({ values }) => values));
  expect(values.every((array) => array instanceof Int32Array && array.length === 128 * 50)).toBe(true);
  const all = values.flatMap((array) => Array.from(array));
  expect(all.reduce((least, value) => Math.min(least, value))).toBe(1);
  expect(all.reduce((most, value) => Math.max(most, value))).toBe(3706);
});
