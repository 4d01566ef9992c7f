import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { hashFile } from "@attune/store";
import { afterEach, beforeEach, expect, test } from "vitest";
import { exportInput } from "../fixtures/export-input.ts";
import { exportArtifact } from "./export-artifact.ts";
import { writeParity } from "./write-parity.ts";

let outDir: string;

beforeEach(async () => {
  outDir = await mkdtemp(path.join(tmpdir(), "attune-parity-"));
});

afterEach(() => rm(outDir, { recursive: true, force: true }));

async function readJson(dir: string, name: string): Promise<unknown> {
  return JSON.parse(await readFile(path.join(dir, name), "utf8"));
}

const node = { runtime: "onnxruntime-node", version: "1.30.0", rows: 64, maxAbs: 4.77e-7, sameAnswer: 1 };
const web = { ...node, runtime: "onnxruntime-web", maxAbs: 6.1e-7 };

test("fills manifest, report and card in, and keeps the hashes right", async () => {
  const { dir, manifest } = await exportArtifact(exportInput(outDir));
  expect(await readFile(path.join(dir, "report.html"), "utf8")).toContain("Not verified yet");
  await writeParity(dir, { [node.runtime]: node });
  const written = await writeParity(dir, { [web.runtime]: web });
  expect(written.parity).toEqual({ [node.runtime]: node, [web.runtime]: web });
  expect(await readJson(dir, "manifest.json")).toEqual(written);
  for (const [name, { sha256 }] of Object.entries(written.files))
    expect((await hashFile(path.join(dir, name))).sha256).toBe(sha256);
  expect(written.files["model.onnx"]).toEqual(manifest.files["model.onnx"]);
  for (const name of ["report.html", "README.md"]) {
    const text = await readFile(path.join(dir, name), "utf8");
    expect(text).not.toContain("Not verified yet");
    expect(text.match(/4\.8e-7/g)).toHaveLength(1);
    expect(text.match(/6\.1e-7/g)).toHaveLength(1);
  }
  expect((await readdir(dir)).filter((name) => name.startsWith("."))).toEqual([]);
});

test("says in manifest, report and card which runtime is not verified and why, until it is", async () => {
  const { dir } = await exportArtifact(exportInput(outDir));
  const reason = "no browser was found";
  const { unverified } = await writeParity(dir, { node }, { web: reason });
  expect(unverified).toEqual({ web: reason });
  const texts = () =>
    Promise.all(["report.html", "README.md"].map((name) => readFile(path.join(dir, name), "utf8")));
  for (const text of await texts()) {
    expect(text).toContain(`not verified in a browser: ${reason}`);
    expect(text).toContain("4.8e-7");
  }
  await writeParity(dir, { web });
  expect(await readJson(dir, "manifest.json")).not.toHaveProperty("unverified");
  for (const text of await texts()) expect(text).not.toContain("not verified");
});

test("a verified artifact is still the same export", async () => {
  const { dir } = await exportArtifact(exportInput(outDir));
  await writeParity(dir, { [node.runtime]: node });
  expect(await exportArtifact(exportInput(outDir))).toMatchObject({
    cached: true,
    manifest: { parity: { [node.runtime]: node } },
  });
});

test("refuses a folder that holds no manifest", async () => {
  await expect(writeParity(outDir, {})).rejects.toMatchObject({ code: "FILE_READ" });
  await writeFile(path.join(outDir, "manifest.json"), "not json");
  await expect(writeParity(outDir, {})).rejects.toMatchObject({ code: "MANIFEST_INVALID" });
});
