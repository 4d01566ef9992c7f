import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createStaging } from "./staging.ts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "attune-staging-"));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const never = async () => false;
const list = () => readdirSync(root, { recursive: true }).map(String).sort();

test("the folder appears at commit, not before", async () => {
  const target = join(root, "a", "b", "target");
  const staging = await createStaging(target);
  writeFileSync(join(staging.dir, "x"), "new");
  expect(readdirSync(join(root, "a", "b"))).not.toContain("target");
  await staging.commit(never);
  await staging.discard();

  expect(list()).toEqual(["a", "a/b", "a/b/target", "a/b/target/x"]);
});

test("discarding takes the parents that were made along, and no others", async () => {
  mkdirSync(join(root, "kept"));
  const staging = await createStaging(join(root, "kept", "a", "b", "target"));
  writeFileSync(join(staging.dir, "x"), "new");
  await staging.discard();

  expect(list()).toEqual(["kept"]);
});

test("parents that someone else uses by now stay", async () => {
  const staging = await createStaging(join(root, "a", "b", "target"));
  writeFileSync(join(root, "a", "theirs"), "");
  await staging.discard();

  expect(list()).toEqual(["a", "a/theirs"]);
});

test("what stands there is replaced when it is no good, and kept when it is", async () => {
  const target = join(root, "target");
  for (const [content, isValid, expected] of [
    ["first", false, "first"],
    ["second", false, "second"],
    ["third", true, "second"],
  ] as const) {
    const staging = await createStaging(target);
    writeFileSync(join(staging.dir, "x"), content);
    await staging.commit(async () => isValid);
    expect(readFileSync(join(target, "x"), "utf8")).toBe(expected);
  }

  expect(list()).toEqual(["target", "target/x"]);
});

test("a place that cannot be written is an error of ours", async () => {
  writeFileSync(join(root, "file"), "");
  await expect(createStaging(join(root, "file", "a", "target"))).rejects.toMatchObject({
    code: "FILE_WRITE",
  });
  expect(list()).toEqual(["file"]);
});
