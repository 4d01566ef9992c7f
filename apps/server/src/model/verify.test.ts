import { createHash } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { tinyArtifact, tinyCatalogue } from "@attune/testkit";
import { expect, test } from "vitest";
import { artifactFolder } from "../testing/artifact-folder.ts";
import { loadModel } from "./load-model.ts";
import { unseenSteps } from "./readiness.ts";
import { verifyInThread } from "./verify.ts";

test("gives back what was read and checked, with the bytes of the model", async () => {
  const artifact = tinyArtifact();
  const { hashed, checked } = verifyInThread(await artifactFolder(artifact));
  expect(await hashed).toEqual(artifact.manifest);
  const { model, golden, items, task } = await checked;
  expect(Buffer.from(model).equals(artifact.files["model.onnx"]!)).toBe(true);
  expect(golden).toEqual(artifact.golden);
  expect(items).toHaveLength(artifact.catalogue.ids.length);
  expect(task).toBe("recommend");
});

test("what is wrong with the files refuses both, with its code and details", async () => {
  const dir = await artifactFolder();
  await rm(join(dir, "model.onnx"));
  const { hashed, checked } = verifyInThread(dir);
  const expected = { code: "ARTIFACT_MISSING_FILE", details: { dir, files: ["model.onnx"] } };
  await expect(hashed).rejects.toMatchObject(expected);
  await expect(checked).rejects.toMatchObject(expected);
});

test("a graph that cannot be read is refused after its hash has held", async () => {
  const dir = await artifactFolder();
  const bytes = Buffer.from("no model");
  await writeFile(join(dir, "model.onnx"), bytes);
  const entry = { sha256: createHash("sha256").update(bytes).digest("hex"), bytes: bytes.length };
  const { manifest } = tinyArtifact((same) => ({ ...same, files: { ...same.files, "model.onnx": entry } }));
  await writeFile(join(dir, "manifest.json"), JSON.stringify(manifest));
  const { hashed, checked } = verifyInThread(dir);
  await expect(hashed).resolves.toMatchObject({ name: "tiny" });
  await expect(checked).rejects.toMatchObject({ code: "ONNX_PARSE" });
});

test("nothing of a loaded model's bytes stays in this process but the engine's own copy", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const artifact = tinyArtifact((same) => same, tinyCatalogue(1200));
  const sizeBytes = artifact.files["model.onnx"]!.length;
  expect(sizeBytes).toBeGreaterThan(5_000_000);
  const dir = await artifactFolder(artifact);
  collect();
  const before = process.memoryUsage().arrayBuffers;
  const model = await loadModel(dir, unseenSteps);
  collect();
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(sizeBytes / 4);
  await model.files.close();
  if (model.answerer.task === "recommend") await model.answerer.personalizer.close();
});
