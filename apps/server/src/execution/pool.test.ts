import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Recommendation } from "@attune/contracts";
import { tinyArtifact } from "@attune/testkit";
import { expect, onTestFinished, test } from "vitest";
import { artifactFolder } from "../testing/harness.ts";
import { createWorkerPool, type WorkerPool } from "./pool.ts";

const artifact = tinyArtifact();

function startPool(size: number, deaths: unknown[] = []): WorkerPool {
  const pool = createWorkerPool(size, (cause) => deaths.push(cause));
  onTestFinished(() => pool.end());
  return pool;
}

const asked = { history: ["item-0"], k: 2 };

test("every thread answers, and answers are those of the trainer's graph", async () => {
  const pool = startPool(2);
  const id = await pool.open(await artifactFolder(artifact), artifact.manifest);
  const answers = await Promise.all(Array.from({ length: 20 }, () => pool.run(id, [asked, asked])));
  const [[first]] = answers as [[Recommendation]];
  expect(first.ids).toHaveLength(2);
  for (const pair of answers) expect(pair).toEqual([first, first]);
});

test("a version whose model is not the manifest's is refused, and the pool goes on", async () => {
  const pool = startPool(1);
  const broken = await artifactFolder(artifact);
  await writeFile(join(broken, "model.onnx"), "changed after it was checked");
  await expect(pool.open(broken, artifact.manifest)).rejects.toMatchObject({ code: "ARTIFACT_HASH" });
  const id = await pool.open(await artifactFolder(artifact), artifact.manifest);
  await expect(pool.run(id, [asked])).resolves.toHaveLength(1);
});

test("an error of the engine comes back with its code", async () => {
  const pool = startPool(1);
  const id = await pool.open(await artifactFolder(artifact), artifact.manifest);
  await expect(pool.run(id, [{ history: [""] }])).rejects.toMatchObject({ code: "REQUEST_INVALID" });
});

test("while a version is opened, answers of another one are its own", async () => {
  const pool = startPool(1);
  const dir = await artifactFolder(artifact);
  const first = await pool.open(dir, artifact.manifest);
  const [expected] = await pool.run(first, [asked]);
  // The open reads a file; the runs behind it do not.
  const opening = pool.open(dir, artifact.manifest);
  const answers = await Promise.all(Array.from({ length: 20 }, () => pool.run(first, [asked])));
  for (const answer of answers) expect(answer).toEqual([expected]);
  expect(await pool.run(await opening, [asked])).toEqual([expected]);
});

test("a closed version is gone, others stay", async () => {
  const pool = startPool(1);
  const dir = await artifactFolder(artifact);
  const [first, second] = [await pool.open(dir, artifact.manifest), await pool.open(dir, artifact.manifest)];
  await pool.close(first);
  await expect(pool.run(first, [asked])).rejects.toThrow();
  await expect(pool.run(second, [asked])).resolves.toHaveLength(1);
});

test("pools started and ended one after the other leave the process standing", async () => {
  const dir = await artifactFolder(artifact);
  for (let round = 0; round < 4; round++) {
    const pool = createWorkerPool(2, () => {});
    const id = await pool.open(dir, artifact.manifest);
    await pool.run(id, [asked]);
    await pool.end();
  }
});
