/** A terminal for tests: runs commands in this process and keeps what they print. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Command } from "../command.ts";
import { commands } from "../commands/index.ts";
import type { Io } from "../io.ts";
import { runCommand } from "../run.ts";

export interface Outcome {
  readonly code: number;
  /** What `--json` printed, parsed. */
  readonly json: unknown;
  /** Everything for people. */
  readonly text: string;
  /** stdout without `--json`. */
  readonly printed: string;
}

export interface Folder {
  readonly dir: string;
  write(name: string, content: string | Uint8Array): void;
  /** Runs `attune …` there, with `--json`. */
  attune(...argv: string[]): Promise<Outcome>;
  remove(): void;
}

export function createFolder(): Folder {
  const dir = mkdtempSync(path.join(os.tmpdir(), "attune-cli-"));
  return {
    dir,
    write: (name, content) => writeFileSync(path.join(dir, name), content),
    attune: (...argv) => run([...argv, "--json"], dir),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** An io in this process: what is said goes to `said`, and the rest nowhere unless `more` takes it. */
export function createIo(cwd: string, said: string[] = [], more: Partial<Io> = {}): Io {
  return {
    cwd,
    // However the tests were started, `attune` was not started through npx.
    env: { ...process.env, npm_command: undefined },
    interactive: false,
    json: false,
    signal: new AbortController().signal,
    now: () => performance.now(),
    say: (text) => said.push(text),
    draw: (text) => said.push(text),
    result: () => {},
    print: () => {},
    ...more,
  };
}

export async function run(
  argv: readonly string[],
  cwd: string,
  known: readonly Command[] = commands,
): Promise<Outcome> {
  const said: string[] = [];
  const printed: string[] = [];
  let json: unknown;
  const io = createIo(cwd, said, {
    json: argv.includes("--json"),
    result: (value) => {
      json = JSON.parse(JSON.stringify(value));
    },
    print: (text) => printed.push(text),
  });
  const code = await runCommand(known, argv, io);
  return { code, json, text: said.join("\n"), printed: printed.join("\n") };
}
