// Two `attune export` as processes at the same moment on one project.
import { readdirSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runAttune } from "../testing/process.ts";
import { writeSmallShop } from "../testing/small-shop.ts";
import { createFolder, type Folder } from "../testing/terminal.ts";

let folder: Folder;
beforeEach(() => {
  folder = createFolder();
  writeSmallShop(folder);
});
afterEach(() => folder.remove());

test("two runs at once write the model once", async () => {
  const runs = await Promise.all([1, 2].map(() => runAttune(["export", "--json"], folder.dir)));
  for (const { code, stderr } of runs) expect(code, stderr).toBe(0);
  const artifacts = runs.map(({ stdout }) => (JSON.parse(stdout) as { artifact: unknown }).artifact);
  expect(artifacts[0]).toMatchObject({ version: 1 });
  expect(artifacts[1]).toEqual(artifacts[0]);
  expect(readdirSync(path.join(folder.dir, ".attune/artifacts/shop"))).toEqual(["1"]);
});
