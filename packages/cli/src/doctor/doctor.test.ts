// `attune doctor` as a process: on a machine that has all, and on one where a part does not load or start.
import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

interface Answer {
  readonly ok: boolean;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
}

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "attune-doctor-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

interface Machine {
  /** Native files that are missing, as they are asked for. */
  readonly lacks?: string;
  readonly env?: Readonly<Record<string, string>>;
}

function doctor({ lacks, env = {} }: Machine = {}): Promise<{ code: number; answer: Answer; text: string }> {
  const main = path.join(import.meta.dirname, "../main.ts");
  const args = ["--disable-warning=ExperimentalWarning", "--conditions=@attune/source"];
  if (lacks !== undefined) {
    const hook = path.join(dir, "hook.mjs");
    writeFileSync(
      hook,
      `import { registerHooks } from "node:module";
registerHooks({
  resolve(specifier, context, next) {
    if (specifier.includes(${JSON.stringify(lacks)}) && specifier.endsWith(".node"))
      throw Object.assign(new Error("Cannot find module '" + specifier + "'"), { code: "MODULE_NOT_FOUND" });
    return next(specifier, context);
  },
});`,
    );
    args.push(`--import=${hook}`);
  }
  const { INIT_CWD: _, ...inherited } = process.env;
  const options = { cwd: dir, env: { ...inherited, ...env } };
  return new Promise((resolve) => {
    execFile(process.execPath, [...args, main, "doctor", "--json"], options, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), answer: JSON.parse(stdout), text: stderr });
    });
  });
}

const failing = ({ checks }: Answer) => checks.filter(({ ok }) => !ok).map(({ name }) => name);
const detailOf = ({ checks }: Answer, name: string) =>
  checks.find((check) => check.name === name)?.detail ?? "";

test("each part of this machine answers", async () => {
  const { code, answer, text } = await doctor();
  expect(failing(answer), text).toEqual([]);
  expect(code).toBe(0);
  expect(answer.ok).toBe(true);
  expect(detailOf(answer, "chromium")).toMatch(/^Chromium [\d.]+ starts/);
  expect(detailOf(answer, "folder")).toMatch(/\d+ MB free$/);
});

test.each([
  ["onnxruntime-node", "onnxruntime_binding.node", "optional files of the npm package onnxruntime-node"],
  ["duckdb", "duckdb.node", "install the dependencies again with the optional ones"],
])("a missing binary of %s is found, and every other check is still made", async (name, lacks, advice) => {
  const { code, answer } = await doctor({ lacks });
  expect(code).toBe(1);
  expect(failing(answer)).toEqual([name]);
  expect(detailOf(answer, name)).toContain(lacks);
  expect(detailOf(answer, name)).toContain(advice);
  expect(answer.checks).toHaveLength(6);
});

test("a browser that exists and does not start is said so by doctor", async () => {
  const browser = path.join(dir, "browser");
  writeFileSync(browser, "#!/bin/sh\necho 'libnss3.so: cannot open shared object file' >&2; exit 127\n");
  chmodSync(browser, 0o755);
  const { code, answer, text } = await doctor({ env: { CHROMIUM_PATH: browser } });
  expect(code).toBe(1);
  expect(failing(answer)).toEqual(["chromium"]);
  expect(detailOf(answer, "chromium")).toContain("does not start: libnss3.so: cannot open");
  expect(text).toContain("needed for: verify in a browser");
});

test("without a browser doctor says what to install", async () => {
  const { answer } = await doctor({ env: { ATTUNE_NO_SYSTEM_BROWSER: "1", ATTUNE_NO_NPM_BROWSER: "1" } });
  expect(failing(answer)).toEqual(["chromium"]);
  expect(detailOf(answer, "chromium")).toContain("npm install --save-dev @sparticuz/chromium");
});
