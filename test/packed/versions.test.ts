// What is published has one version, and `pnpm changeset version` keeps it so.
import { execFile } from "node:child_process";
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "./consumer.ts";
import { publishedManifests } from "./published.ts";

const run = promisify(execFile);
const manifests = publishedManifests();

let copy = "";
beforeAll(() => {
  copy = mkdtempSync(path.join(os.tmpdir(), "attune-versions-"));
  const files = globSync(
    ["package.json", "pnpm-workspace.yaml", "{packages,apps}/*/package.json", "{bench,test}/package.json"],
    { cwd: root },
  );
  for (const file of files) cpSync(path.join(root, file), path.join(copy, file));
  const config = JSON.parse(readFileSync(path.join(root, ".changeset/config.json"), "utf8")) as object;
  // The changelog asks git who made a change, and a machine with node and npm alone has none.
  mkdirSync(path.join(copy, ".changeset"));
  writeFileSync(path.join(copy, ".changeset/config.json"), JSON.stringify({ ...config, changelog: false }));
  symlinkSync(path.join(root, "node_modules"), path.join(copy, "node_modules"), "junction");
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

test("every package that is published has the same version, and says that it is public", () => {
  expect(manifests.length).toBeGreaterThan(15);
  expect([...new Set(manifests.map(({ version }) => version))]).toHaveLength(1);
  expect(manifests.filter(({ publishConfig }) => publishConfig?.access !== "public")).toEqual([]);
});

test("a change of one package raises all of them, and no private one", async () => {
  writeFileSync(
    path.join(copy, ".changeset/a-change.md"),
    '---\n"@attune/onnx": minor\n---\n\nAn op more.\n',
  );
  const bin = path.join(root, "node_modules/@changesets/cli/bin.js");
  await run(process.execPath, [bin, "version"], { cwd: copy });

  const versionIn = (folder: string, dir: string) =>
    (
      JSON.parse(readFileSync(path.join(folder, path.relative(root, dir), "package.json"), "utf8")) as {
        version: string;
      }
    ).version;
  const [major, minor] = manifests[0]!.version.split(".").map(Number);
  expect([...new Set(manifests.map(({ dir }) => versionIn(copy, dir)))]).toEqual([
    `${major}.${minor! + 1}.0`,
  ]);
  for (const name of ["bench", "test", "packages/testkit"])
    expect(versionIn(copy, path.join(root, name))).toBe(versionIn(root, path.join(root, name)));
});
