/** Runs the real command line in a child process, and makes throw-away projects for it. */
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { collectOutput, type Outcome } from "../collect-output.ts";

export const root = path.resolve(import.meta.dirname, "../..");

/** Starts `attune …`; the caller ends it. */
export function startAttune(args: readonly string[], cwd: string): ChildProcess {
  const { INIT_CWD: _unused, ...env } = process.env;
  const main = path.join(root, "packages/cli/src/main.ts");
  const flags = ["--disable-warning=ExperimentalWarning", "--conditions=@attune/source"];
  return spawn(process.execPath, [...flags, main, ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
}

/** Runs `attune …` to its end. */
export function attune(args: readonly string[], cwd: string): Promise<Outcome> {
  return collectOutput(startAttune(args, cwd));
}

/** The one JSON line of `--json`. Throws when stdout holds anything else. */
export function jsonLine<T = Record<string, unknown>>({ stdout, stderr }: Outcome): T {
  const lines = stdout.trimEnd().split("\n");
  if (lines.length !== 1 || lines[0] === "")
    throw new Error(`expected one JSON line, got:\n${stdout}\n${stderr}`);
  return JSON.parse(lines[0]!);
}

/** A fresh copy of the MovieLens example, without anything it may have produced. */
export function copyExample(): { readonly dir: string; remove(): void } {
  const dir = mkdtempSync(path.join(os.tmpdir(), "attune-movielens-"));
  cpSync(path.join(root, "examples/movielens"), dir, {
    recursive: true,
    filter: (source) => path.basename(source) !== ".attune",
  });
  // The config imports `defineConfig`, as it does in the repository.
  symlinkSync(path.join(root, "node_modules"), path.join(dir, "node_modules"), "junction");
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}
