import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
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

const never = () => false;
const list = () => readdirSync(root, { recursive: true }).map(String).sort();

test("the folder appears at commit, not before", async () => {
  const target = join(root, "a", "b", "target");
  const staging = await createStaging(target);
  writeFileSync(join(staging.dir, "x"), "new");
  expect(readdirSync(join(root, "a", "b"))).not.toContain("target");
  expect(await staging.commit(never)).toBe(true);
  await staging.discard();

  expect(list()).toEqual(["a", "a/b", "a/b/target", "a/b/target/x"]);
});

test("is as open to other users as the folder it lies in", async () => {
  mkdirSync(join(root, "home"));
  const target = join(root, "home", "target");
  const staging = await createStaging(target);
  await staging.commit(never);
  await staging.discard();

  expect(statSync(target).mode).toBe(statSync(join(root, "home")).mode);
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
  for (const [content, isKept, expected] of [
    ["first", false, "first"],
    ["second", false, "second"],
    ["third", true, "second"],
  ] as const) {
    const staging = await createStaging(target);
    writeFileSync(join(staging.dir, "x"), content);
    expect(await staging.commit(async () => isKept)).toBe(!isKept);
    await staging.discard();
    expect(readFileSync(join(target, "x"), "utf8")).toBe(expected);
  }

  expect(list()).toEqual(["target", "target/x"]);
});

test.each(["new", "replaced"])("a folder may be called %s", async (name) => {
  for (const content of ["first", "second"]) {
    const staging = await createStaging(join(root, name));
    await staging.write("x", new TextEncoder().encode(content));
    await staging.commit(never);
    await staging.discard();
    expect(readFileSync(join(root, name, "x"), "utf8")).toBe(content);
  }
  const discarded = await createStaging(join(root, name));
  await discarded.write("y", new Uint8Array());
  await discarded.discard();

  expect(list()).toEqual([name, join(name, "x")]);
});

test("a file at the place is replaced too", async () => {
  writeFileSync(join(root, "target"), "");
  const staging = await createStaging(join(root, "target"));
  await staging.commit(never);
  await staging.discard();

  expect(statSync(join(root, "target")).isDirectory()).toBe(true);
  expect(list()).toEqual(["target"]);
});

test("what stood there returns when its successor cannot move in", async () => {
  const target = join(root, "target");
  mkdirSync(target);
  writeFileSync(join(target, "x"), "old");
  const staging = await createStaging(target);
  // Asked while the old folder still stands: whatever takes the new one away now makes the second rename fail.
  const committed = staging.commit(() => {
    rmSync(staging.dir, { recursive: true });
    return false;
  });
  await expect(committed).rejects.toMatchObject({ code: "FILE_WRITE", details: { path: target } });
  await staging.discard();

  expect(list()).toEqual(["target", "target/x"]);
});

test("a file that cannot be written is an error that names the place, not the folder beside", async () => {
  const staging = await createStaging(join(root, "target"));
  await expect(staging.write("no/such/folder", new Uint8Array())).rejects.toMatchObject({
    code: "FILE_WRITE",
    details: { path: join(root, "target"), reason: "ENOENT: no such file or directory" },
  });
  await staging.discard();

  expect(list()).toEqual([]);
});

test("a place that cannot be written is an error of ours", async () => {
  writeFileSync(join(root, "file"), "");
  await expect(createStaging(join(root, "file", "a", "target"))).rejects.toMatchObject({
    code: "FILE_WRITE",
  });
  expect(list()).toEqual(["file"]);
});
