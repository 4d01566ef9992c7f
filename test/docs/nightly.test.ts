// What "Your first model" says of a night gone wrong, with the page's own files, as they stand.
import { execFile } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readPage } from "../packed/page.ts";

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, "../..");
const flags = ["--disable-warning=ExperimentalWarning", "--conditions=@attune/source"];

let dir = "";
beforeAll(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), "attune-nightly-"));
  mkdirSync(path.join(dir, "node_modules"));
  symlinkSync(path.join(root, "packages/cli"), path.join(dir, "node_modules/attune"), "junction");
  for (const block of readPage("docs/first-model.md"))
    if (block.kind === "file") writeFileSync(path.join(dir, block.name), block.text);
  const config = {
    name: "my-shop",
    data: {
      events: {
        path: "events.csv",
        columns: { user: "customer_id", item: "product_id", time: "time" },
        timeUnit: "iso",
      },
    },
    train: { models: ["popularity", "item-knn"] },
  };
  writeFileSync(path.join(dir, "attune.config.json"), JSON.stringify(config));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const node = (file: string) =>
  run(process.execPath, [...flags, file], { cwd: dir }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      stdout,
      stderr,
    }),
  );

test("a night whose model is no better than popularity ends with its reasons, and version 1 stays", async () => {
  await node("make-events.mjs");
  expect(await node("nightly.mjs")).toEqual({
    code: 0,
    stdout: "version 1 (first): 100 % the same answers\n",
    stderr: "",
  });

  // Nobody has a shelf of their own any more.
  const events = readFileSync(path.join(dir, "make-events.mjs"), "utf8");
  writeFileSync(path.join(dir, "make-events.mjs"), events.replace("random() < 0.8", "random() < 0"));
  await node("make-events.mjs");
  const { code, stdout, stderr } = await node("nightly.mjs");
  expect(code).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toContain("RELEASE_WORSE");
  expect(stderr).toContain("my-shop: not released, version 1 stays the newest:");
  expect(readdirSync(path.join(dir, ".attune/artifacts/my-shop"))).toEqual(["1"]);
}, 60_000);
