import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Files, jsonBytes, replaceFiles, writeFolder } from "./write-files.ts";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "attune-store-"));
});

afterEach(() => rm(root, { recursive: true, force: true }));

const filesOf = (texts: Readonly<Record<string, string>>): Files =>
  new Map(Object.entries(texts).map(([name, text]) => [name, new TextEncoder().encode(text)]));
const list = async () => (await readdir(root, { recursive: true })).sort();

test("JSON is written for people too", () => {
  expect(new TextDecoder().decode(jsonBytes({ a: [1] }))).toBe('{\n  "a": [\n    1\n  ]\n}\n');
});

test("a folder is written, and kept or replaced as the caller says", async () => {
  const dir = join(root, "a", "target");
  expect(await writeFolder(dir, filesOf({ x: "1", y: "2" }), () => true)).toBe(true);
  expect(await writeFolder(dir, filesOf({ x: "3" }), () => true)).toBe(false);
  expect(await readFile(join(dir, "x"), "utf8")).toBe("1");
  expect(await writeFolder(dir, filesOf({ x: "4" }), () => false)).toBe(true);
  expect(await readFile(join(dir, "x"), "utf8")).toBe("4");

  expect(await list()).toEqual(["a", "a/target", "a/target/x"]);
});

test("a folder that fails half-way is not there, nor are its parents", async () => {
  const dir = join(root, "a", "target");
  await expect(writeFolder(dir, filesOf({ x: "1", "no/such": "2" }), () => false)).rejects.toMatchObject({
    code: "FILE_WRITE",
    details: { path: dir, reason: "ENOENT: no such file or directory" },
    cause: { code: "ENOENT" },
  });

  expect(await list()).toEqual([]);
});

test("a caller who cannot tell whether to keep what stands there gets it back untouched", async () => {
  const dir = join(root, "target");
  await writeFolder(dir, filesOf({ x: "1" }), () => false);
  const failing = () => Promise.reject(new Error("no idea"));
  await expect(writeFolder(dir, filesOf({ x: "2" }), failing)).rejects.toMatchObject({
    code: "FILE_WRITE",
    details: { reason: "no idea" },
  });

  expect(await list()).toEqual(["target", "target/x"]);
  expect(await readFile(join(dir, "x"), "utf8")).toBe("1");
});

test("files are replaced, the others stay", async () => {
  await writeFile(join(root, "x"), "old");
  await writeFile(join(root, "z"), "old");
  await replaceFiles(root, filesOf({ x: "new", y: "new" }));

  expect(await list()).toEqual(["x", "y", "z"]);
  expect(await readFile(join(root, "x"), "utf8")).toBe("new");
  expect(await readFile(join(root, "z"), "utf8")).toBe("old");
});

test("when one file cannot be written, none is replaced", async () => {
  await writeFile(join(root, "x"), "old");
  await expect(replaceFiles(root, filesOf({ x: "new", "no/such": "new" }))).rejects.toMatchObject({
    code: "FILE_WRITE",
    details: { path: root },
  });

  expect(await list()).toEqual(["x"]);
  expect(await readFile(join(root, "x"), "utf8")).toBe("old");
});

test("when a move fails, those before it stand and nothing lies about", async () => {
  await mkdir(join(root, "y"));
  await expect(replaceFiles(root, filesOf({ x: "new", y: "new", z: "new" }))).rejects.toMatchObject({
    code: "FILE_WRITE",
  });

  expect(await list()).toEqual(["x", "y"]);
});

test("a folder that is not there is not made", async () => {
  await expect(replaceFiles(join(root, "none"), filesOf({ x: "new" }))).rejects.toMatchObject({
    code: "FILE_WRITE",
    details: { path: join(root, "none") },
  });
  expect(await list()).toEqual([]);
});
