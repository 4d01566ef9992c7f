/** A folder of someone who uses what we publish: nothing of the repository is in it, and npm asks the registry. */
import { execFile, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { expect } from "vitest";
import { collectOutput, type Outcome } from "../collect-output.ts";

const run = promisify(execFile);
const windows = process.platform === "win32";

export const root = path.resolve(import.meta.dirname, "../..");

/** The oldest Node that our packages declare, by way of its npm package. */
export const node20 = path.join(root, "test/node_modules/node20/bin/node");

export interface Consumer {
  readonly dir: string;
  readonly env: NodeJS.ProcessEnv;
  /** Writes a file of the folder. */
  write(name: string, content: string | Uint8Array): void;
  /** Runs a file on a Node, without any condition of ours. */
  node(file: string, binary?: string): Promise<Outcome>;
  /** Runs one line of a page in a shell. Never throws: an exit code is an outcome. */
  shell(line: string, env?: NodeJS.ProcessEnv): Promise<Outcome>;
}

/** @param env - of `startRegistry`. */
export function createConsumer(dir: string, env: NodeJS.ProcessEnv): Consumer {
  mkdirSync(dir, { recursive: true });
  return {
    dir,
    env,
    write(name, content) {
      mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
      writeFileSync(path.join(dir, name), content);
    },
    node: (file, binary = process.execPath) => runFile(binary, [file], dir, env),
    shell: (line, more = {}) => runShell(line, dir, { ...env, ...more }),
  };
}

/** A script of the repository, as its package.json runs it. */
export function runScript(name: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
  return runFile(process.execPath, [path.join(root, "scripts", name), ...args], root, env);
}

export async function buildPackages(): Promise<void> {
  const turbo = path.join(root, "node_modules/.bin/turbo");
  await run(turbo, ["run", "build", "--output-logs=errors-only"], { cwd: root, shell: windows });
}

async function runFile(
  file: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<Outcome> {
  return collectOutput(spawn(file, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] }));
}

function runShell(line: string, cwd: string, env: NodeJS.ProcessEnv): Promise<Outcome> {
  return collectOutput(spawn(line, { cwd, env, shell: true, stdio: ["ignore", "pipe", "pipe"] }));
}

/** For what must have worked. */
export function output(outcome: Outcome): string {
  expect(outcome.code, `${outcome.stdout}\n${outcome.stderr}`).toBe(0);
  return outcome.stdout;
}
