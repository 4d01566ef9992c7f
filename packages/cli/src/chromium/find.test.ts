import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { isAttuneError } from "@attune/contracts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findChromium } from "./find.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "attune-find-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

function program(name: string): string {
  const file = path.join(dir, name);
  writeFileSync(file, "");
  chmodSync(file, 0o755);
  return file;
}

test("CHROMIUM_PATH wins over PATH", () => {
  program("chromium");
  const own = program("my-browser");
  expect(findChromium({ CHROMIUM_PATH: own, PATH: dir }, "linux")).toBe(own);
});

test("PATH is searched in the order of the names", () => {
  program("google-chrome");
  const first = program("chromium-browser");
  expect(findChromium({ PATH: dir }, "linux")).toBe(first);
});

test("a CHROMIUM_PATH that is not there is refused, even when PATH has a browser", () => {
  program("chromium");
  const missing = path.join(dir, "nothing");
  try {
    findChromium({ CHROMIUM_PATH: missing, PATH: dir }, "linux");
    expect.unreachable();
  } catch (error) {
    expect(isAttuneError(error, "VERIFY_NO_BROWSER")).toBe(true);
    expect(String(error)).toContain(missing);
  }
});

test("without any browser the error lists what was tried", () => {
  expect(() => findChromium({ PATH: dir }, "aix")).toThrow(/chromium, chromium-browser.*on PATH/);
});
