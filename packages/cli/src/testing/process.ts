/** `attune …` as a process of its own, from the sources. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const { INIT_CWD: _, ...ownEnv } = process.env;

export interface ProcessOptions {
  /** Variables besides ours. */
  readonly env?: Readonly<Record<string, string>>;
  /** A line for `sh` that goes first, in the same folder. */
  readonly first?: string;
}

/** The caller ends it. */
export function startAttune(
  argv: readonly string[],
  cwd: string,
  { env = {}, first }: ProcessOptions = {},
): ChildProcess {
  const main = path.resolve(import.meta.dirname, "../main.ts");
  const args = ["--disable-warning=ExperimentalWarning", "--conditions=@attune/source", main, ...argv];
  const line = [process.execPath, ...args];
  const [program, ...words] = first === undefined ? line : ["sh", "-c", `${first}; exec "$@"`, "sh", ...line];
  return spawn(program!, words, { cwd, env: { ...ownEnv, ...env }, stdio: ["ignore", "pipe", "pipe"] });
}

/** Runs it to its end. */
export async function runAttune(
  argv: readonly string[],
  cwd: string,
  options: ProcessOptions = {},
): Promise<Ended> {
  const child = startAttune(argv, cwd, options);
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.on("data", (chunk: Buffer) => {
      texts[name] += chunk.toString("utf8");
    });
  }
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...texts };
}
