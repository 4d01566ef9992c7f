import { type ErrorCode, type ErrorDetails, isAttuneError } from "@attune/contracts";
import { tinyArtifact, tinyPredictArtifact, tinyTasks } from "@attune/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ArtifactFolder, artifactFolder, filesFolder } from "../fixtures/artifact-folder.ts";
import { readArtifact } from "./read-artifact.ts";

let folder: ArtifactFolder;
beforeEach(() => {
  folder = artifactFolder();
});
afterEach(() => folder[Symbol.dispose]());

async function refusal<C extends ErrorCode>(code: C, dir = folder.dir): Promise<ErrorDetails<C>> {
  const outcome = await readArtifact(dir).catch((error: unknown) => error);
  if (isAttuneError(outcome, code)) return outcome.details;
  throw new Error(`expected ${code}, got ${String(outcome)}`);
}

test("a whole artifact is read: manifest, model, golden rows and items", async () => {
  const read = await readArtifact(folder.dir);
  expect(read.manifest).toEqual(folder.artifact.manifest);
  expect(read.golden).toEqual(folder.artifact.golden);
  expect(Buffer.from(read.model).equals(folder.artifact.files["model.onnx"]!)).toBe(true);
  expect(read.items?.[0]).toEqual({ id: "item-0", title: "Title of item-0" });
});

test("files the manifest does not list are nobody's business", async () => {
  folder.write("notes.txt", "mine");
  expect((await readArtifact(folder.dir)).dir).toBe(folder.dir);
});

test("an artifact without display columns has no items", async () => {
  using plain = artifactFolder((manifest) => {
    const { "items.json": _, ...files } = manifest.files;
    return { ...manifest, files };
  });
  expect((await readArtifact(plain.dir)).items).toBeUndefined();
});

describe("missing files", () => {
  test("all are listed", async () => {
    folder.remove("golden.json");
    folder.remove("model.onnx");
    expect((await refusal("ARTIFACT_MISSING_FILE")).files).toEqual(["model.onnx", "golden.json"]);
  });

  test("a folder that is no artifact lacks its manifest", async () => {
    expect((await refusal("ARTIFACT_MISSING_FILE", `${folder.dir}/nowhere`)).files).toEqual([
      "manifest.json",
    ]);
  });

  test("a file in the place of the folder is a read error", async () => {
    expect((await refusal("FILE_READ", `${folder.dir}/model.onnx`)).path).toContain("manifest.json");
  });
});

describe("damaged files", () => {
  test("all are listed, each with what is wrong", async () => {
    const { "model.onnx": model } = folder.artifact.files;
    const flipped = Uint8Array.from(model!);
    flipped[100]! ^= 1;
    folder.write("model.onnx", flipped);
    folder.write("items.json", "[]");
    const { files } = await refusal("ARTIFACT_HASH");
    expect(files).toHaveLength(2);
    expect(files[0]).toMatch(/^model\.onnx: sha256 [0-9a-f]{64}, expected [0-9a-f]{64}$/);
    expect(files[1]).toMatch(/^items\.json: 2 bytes, expected \d+$/);
  });

  test("an empty file is damaged, not missing", async () => {
    folder.write("golden.json", "");
    expect((await refusal("ARTIFACT_HASH")).files[0]).toMatch(/^golden\.json: 0 bytes/);
  });
});

describe("bad manifests", () => {
  test.each([
    ["no JSON", "{", /\(root\): not JSON/],
    ["a list", "[]", /\(root\)/],
    ["an empty object", "{}", /task: /],
  ])("%s is refused", async (_, text, issue) => {
    folder.write("manifest.json", text);
    expect((await refusal("MANIFEST_INVALID")).issues.join("\n")).toMatch(issue);
  });

  test("a newer manifest asks for an upgrade", async () => {
    folder.write("manifest.json", JSON.stringify({ ...folder.artifact.manifest, schemaVersion: 3 }));
    expect(await refusal("MANIFEST_VERSION")).toMatchObject({ found: 3, supported: 2 });
  });

  test("golden rows of another task are refused, though their hash holds", async () => {
    const { files } = tinyPredictArtifact(tinyTasks.regress);
    const { "golden.json": rows } = files;
    const listed = JSON.parse(new TextDecoder().decode(files["manifest.json"]!)).files["golden.json"];
    const mixed = tinyArtifact((manifest) => ({
      ...manifest,
      files: { ...manifest.files, "golden.json": listed },
    }));
    using folder = filesFolder({ ...mixed.files, "golden.json": rows! });
    expect((await refusal("MANIFEST_INVALID", folder.dir)).issues).toEqual([
      "task: the rows are of regress, the manifest is of recommend",
    ]);
  });

  test("names that leave the folder, and files it must list, are named together", async () => {
    using lying = artifactFolder((manifest) => ({
      ...manifest,
      files: { "../secret": { sha256: "0".repeat(64), bytes: 1 } },
    }));
    expect((await refusal("MANIFEST_INVALID", lying.dir)).issues).toEqual([
      'files: "../secret" is not a plain file name',
      "files: model.onnx is not listed",
      "files: golden.json is not listed",
    ]);
  });
});
