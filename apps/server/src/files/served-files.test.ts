import { createHash } from "node:crypto";
import { appendFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ArtifactManifest } from "@attune/contracts/manifest";
import { tinyArtifact } from "@attune/testkit";
import { expect, onTestFinished, test } from "vitest";
import { artifactFolder } from "../testing/artifact-folder.ts";
import { readServedFiles, type ServedFiles } from "./served-files.ts";

const artifact = tinyArtifact();
const other = tinyArtifact((manifest) => ({ ...manifest, version: 2 }));

async function open(dir: string, manifest: ArtifactManifest = artifact.manifest): Promise<ServedFiles> {
  const files = await readServedFiles(dir, manifest);
  onTestFinished(() => files.close());
  return files;
}

async function readAll(files: ServedFiles, name: string): Promise<Buffer> {
  const { identity } = files.get(name)!;
  await identity.assertUnchanged();
  return Buffer.concat(await identity.stream(0, identity.sizeBytes).toArray());
}

test("model, manifest and items are there, nothing else of the folder", async () => {
  const files = await open(await artifactFolder());
  expect(files.sha256).toBe(artifact.manifest.files["model.onnx"]!.sha256);
  for (const name of ["model.onnx", "manifest.json", "items.json"]) {
    const bytes = Buffer.from(artifact.files[name]!);
    expect(await readAll(files, name)).toEqual(bytes);
    expect(files.get(name)!.identity.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
  }
  for (const name of ["golden.json", "report.html", "README.md"]) expect(files.get(name)).toBeUndefined();
});

test.each([
  ["the manifest", "manifest.json", other.files["manifest.json"]!],
  ["the items", "items.json", new TextEncoder().encode("[]")],
  ["the model", "model.onnx", Uint8Array.of(1, 2, 3)],
])("a release that replaces %s while the server starts is not served in part", async (_, name, bytes) => {
  const dir = await artifactFolder();
  await writeFile(join(dir, name), bytes);
  await expect(readServedFiles(dir, artifact.manifest)).rejects.toMatchObject({
    code: "ARTIFACT_HASH",
    details: { files: [expect.stringContaining(name)] },
  });
});

test("a compressed form that is not the listed one is refused, and one that is not listed is not there", async () => {
  const bytes = new TextEncoder().encode("compressed");
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const listed = tinyArtifact((manifest) => ({
    ...manifest,
    files: { ...manifest.files, "model.onnx.br": { sha256, bytes: bytes.length } },
  }));
  const dir = await artifactFolder({
    files: { ...listed.files, "model.onnx.br": bytes, "items.json.gz": bytes },
  });
  const files = await open(dir, listed.manifest);
  expect(files.get("model.onnx")!.coded.get("br")!.sha256).toBe(sha256);
  expect(files.get("items.json")!.coded.size).toBe(0);
  await writeFile(join(dir, "model.onnx.br"), "damaged");
  await expect(readServedFiles(dir, listed.manifest)).rejects.toMatchObject({ code: "ARTIFACT_HASH" });
});

test("a file that is written into afterwards is not sent", async () => {
  const dir = await artifactFolder();
  const files = await open(dir);
  await appendFile(join(dir, "model.onnx"), "x");
  await expect(files.get("model.onnx")!.identity.assertUnchanged()).rejects.toMatchObject({
    code: "SERVER_FILE_CHANGED",
    details: { file: "model.onnx" },
  });
  await files.get("items.json")!.identity.assertUnchanged();
});

test("a file that is cut while it is sent ends in an error, not short", async () => {
  const dir = await artifactFolder();
  const files = await open(dir);
  const { identity } = files.get("model.onnx")!;
  const stream = identity.stream(0, identity.sizeBytes);
  await writeFile(join(dir, "model.onnx"), "cut");
  await expect(stream.toArray()).rejects.toThrow("the file ends");
});

test("a version whose folder was replaced or removed is still sent as it was", async () => {
  const dir = await artifactFolder();
  const files = await open(dir);
  await writeFile(join(dir, "new.json"), other.files["manifest.json"]!);
  await rename(join(dir, "new.json"), join(dir, "manifest.json"));
  await rm(dir, { recursive: true });
  expect(await readAll(files, "manifest.json")).toEqual(Buffer.from(artifact.files["manifest.json"]!));
});

test("closing waits for what is being sent; then nothing can be read any more", async () => {
  const files = await open(await artifactFolder());
  const { identity } = files.get("model.onnx")!;
  const stream = identity.stream(0, identity.sizeBytes);
  let isClosed = false;
  const closing = files.close().then(() => {
    isClosed = true;
  });
  await expect(identity.assertUnchanged()).rejects.toMatchObject({ code: "SERVER_FILE_CHANGED" });
  expect(isClosed).toBe(false);
  expect(Buffer.concat(await stream.toArray())).toEqual(Buffer.from(artifact.files["model.onnx"]!));
  await closing;
  await files.close();
});

test("a file that is missing is named", async () => {
  const dir = await artifactFolder();
  await rm(join(dir, "items.json"));
  await expect(readServedFiles(dir, artifact.manifest)).rejects.toMatchObject({ code: "FILE_READ" });
});
