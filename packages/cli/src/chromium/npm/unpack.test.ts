// With a package of a few bytes that is laid out as the real one; find.test.ts unpacks the real one.
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { unpackBrowser } from "./unpack.ts";

let dir = "";
let target = "";
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "attune-unpack-"));
  target = path.join(dir, "user", "chromium-1");
});
afterEach(() => rmSync(dir, { recursive: true }));

/** A package whose `inflate` writes a file of its part's name into TMPDIR; `after` is what it then does. */
function createPackage(after = ""): string {
  const packageDir = path.join(dir, "package");
  mkdirSync(path.join(packageDir, "build"), { recursive: true });
  writeFileSync(path.join(packageDir, "package.json"), '{ "type": "module", "version": "1.0.0" }');
  const code = `
import { appendFileSync } from "node:fs";
import path from "node:path";
export async function inflate(file) {
  const target = path.join(process.env.TMPDIR, path.basename(file).split(".")[0]);
  appendFileSync(target, "half");
  ${after}
  appendFileSync(target, "half");
}`;
  writeFileSync(path.join(packageDir, "build/index.js"), code);
  return packageDir;
}

const content = () => readFileSync(path.join(target, "chromium"), "utf8");
const beside = () => readdirSync(path.dirname(target));

test("unpacks once, and leaves nothing else behind", async () => {
  const packageDir = createPackage();
  expect(await unpackBrowser(packageDir, target)).toBe(target);
  expect(content()).toBe("halfhalf");
  expect(beside()).toEqual(["chromium-1"]);
  rmSync(packageDir, { recursive: true });
  expect(await unpackBrowser(packageDir, target)).toBe(target);
});

test("processes that unpack at once all get the whole browser", async () => {
  const packageDir = createPackage("await new Promise((resolve) => setTimeout(resolve, 50));");
  const all = await Promise.all([1, 2, 3, 4].map(() => unpackBrowser(packageDir, target)));
  expect(new Set(all)).toEqual(new Set([target]));
  expect(content()).toBe("halfhalf");
  expect(beside()).toEqual(["chromium-1"]);
});

test("a half unpacked browser of a killed run is not taken for one", async () => {
  const packageDir = createPackage("await new Promise((resolve) => setTimeout(resolve, 1e6));");
  const program = `
    const { unpackBrowser } = await import(${JSON.stringify(path.join(import.meta.dirname, "unpack.ts"))});
    await unpackBrowser(...process.argv.slice(1));`;
  const flags = ["--disable-warning=ExperimentalWarning", "--conditions=@attune/source"];
  const child = spawn(
    process.execPath,
    [...flags, "--input-type=module", "-e", program, packageDir, target],
    {
      stdio: "ignore",
      // Its own group, so that the process it starts ends with it.
      detached: true,
    },
  );
  const exit = once(child, "exit");
  const parent = path.dirname(target);
  const hasBegun = () =>
    existsSync(parent) &&
    readdirSync(parent, { recursive: true }).some((name) => /chromium$/.test(String(name)));
  while (!hasBegun()) await setTimeout(10);
  process.kill(-child.pid!, "SIGKILL");
  await exit;
  expect(existsSync(target)).toBe(false);
  expect(await unpackBrowser(createPackage(), target)).toBe(target);
  expect(content()).toBe("halfhalf");
  expect(beside()).toEqual(["chromium-1"]);
});

test("a browser of which a part is missing or cut is unpacked again", async () => {
  const packageDir = createPackage();
  await unpackBrowser(packageDir, target);
  truncateSync(path.join(target, "chromium"), 4);
  await unpackBrowser(packageDir, target);
  expect(content()).toBe("halfhalf");
  rmSync(path.join(target, "al2023"));
  await unpackBrowser(packageDir, target);
  expect(readdirSync(target).sort()).toEqual(["al2023", "chromium", "fonts", "fonts.conf", "inventory.json"]);
});

test("a package that does not unpack is said with its reason, and leaves nothing", async () => {
  const packageDir = createPackage('throw new Error("unexpected end of file");');
  await expect(unpackBrowser(packageDir, target)).rejects.toMatchObject({
    code: "VERIFY_BROWSER_UNPACK",
    message: expect.stringMatching(/unexpected end of file; set TMPDIR to a folder of yours with room/),
  });
  expect(beside()).toEqual([]);
});

test("a folder that others can write to is not trusted", async () => {
  const packageDir = createPackage();
  await unpackBrowser(packageDir, target);
  chmodSync(path.dirname(target), 0o777);
  await expect(unpackBrowser(packageDir, target)).rejects.toThrow("only you can write to");
});
