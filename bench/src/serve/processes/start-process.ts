/** Starts an engine's process, waits until it says that it is ready, and knows why it is not. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { EngineAbsent } from "../engine-absent.ts";
import { engineCore, onCore } from "./pinning.ts";

export interface StartedProcess<R> {
  readonly pid: number;
  readonly ready: R;
  /** Asks it to end, and makes it end. */
  stop(): Promise<void>;
}

export interface StartOptions<R> {
  /** Where it says so. The other stream is kept for its complaints. */
  readonly stream: "stdout" | "stderr";
  /** What a line says: that it is ready, why it will not be, or nothing of interest. */
  read(line: string): { readonly ready: R } | { readonly problem: string } | undefined;
}

const startLimitSeconds = 120;
const stopLimitMs = 15_000;

/** @throws {EngineAbsent} when it does not start: a program or a package that is missing. */
export async function startProcess<R>(
  command: readonly [string, ...string[]],
  { stream, read }: StartOptions<R>,
): Promise<StartedProcess<R>> {
  const [program, ...args] = onCore(engineCore, command);
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const ended = whenEnded(child);
  const spoken = (stream === "stdout" ? child.stdout : child.stderr) as Readable;
  const lines: string[] = [];
  const other = (stream === "stdout" ? child.stderr : child.stdout) as Readable;
  createInterface({ input: other }).on("line", (line) => remember(lines, line));
  try {
    const ready = await Promise.race([
      firstReading(spoken, lines, read),
      ended.then((how) => fail([how, ...lines.slice(-3)].join(": "))),
      pause(startLimitSeconds * 1000, undefined, { ref: false }).then(() =>
        fail(`it was not ready within ${startLimitSeconds} s`),
      ),
    ]);
    return { pid: child.pid!, ready, stop: () => stop(child, ended) };
  } catch (cause) {
    child.kill("SIGKILL");
    throw cause;
  }
}

function firstReading<R>(spoken: Readable, lines: string[], read: StartOptions<R>["read"]): Promise<R> {
  return new Promise((resolve, reject) => {
    // Read to the end of its life, or it would block on a full pipe.
    createInterface({ input: spoken }).on("line", (line) => {
      remember(lines, line);
      const reading = read(line);
      if (reading === undefined) return;
      if ("problem" in reading) reject(new EngineAbsent(reading.problem));
      else resolve(reading.ready);
    });
  });
}

function remember(lines: string[], line: string): void {
  lines.push(line);
  if (lines.length > 20) lines.shift();
}

function whenEnded(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", ({ message }) => resolve(message));
    child.once("close", (code, signal) => resolve(`ended with ${signal ?? `exit code ${code}`}`));
  });
}

function fail(reason: string): never {
  throw new EngineAbsent(reason);
}

async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const limit = setTimeout(() => child.kill("SIGKILL"), stopLimitMs);
  await ended;
  clearTimeout(limit);
}
