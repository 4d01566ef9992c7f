import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readArtifact } from "@attune/runtime-node";
import { tinyArtifact } from "@attune/testkit";
import { expect, test } from "vitest";
import { artifactFolder } from "../testing/harness.ts";
import { readServedFiles } from "./artifact-files.ts";

const other = tinyArtifact((manifest) => ({ ...manifest, version: 2 }));

test.each([
  ["the manifest", "manifest.json", other.files["manifest.json"]!],
  ["the items", "items.json", new TextEncoder().encode("[]")],
])("a release that replaces %s while the server starts is not served in part", async (_, name, bytes) => {
  const dir = await artifactFolder();
  const artifact = await readArtifact(dir);
  expect((await readServedFiles(artifact)).get(name)?.bytes).toHaveLength(tinyArtifact().files[name]!.length);
  await writeFile(join(dir, name), bytes);
  await expect(readServedFiles(artifact)).rejects.toMatchObject({
    code: "ARTIFACT_HASH",
    details: { files: [expect.stringContaining(name)] },
  });
});
