/** The parent's side of the line protocol: starts an engine, asks it one thing at a time, knows why it fell out. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import type { Engine } from "./engines/engine.ts";
import type { EngineMemory, EngineRan, EngineReply, EngineStart } from "./engines/protocol.ts";

/** An engine that cannot be measured. The message is the reason, for the result. */
export class EngineAbsent extends Error {
  override readonly name = "EngineAbsent";
}

export interface EngineProcess {
  readonly versions: Readonly<Record<string, string>>;
  /**
   * Takes the next `count` steps.
   *
   * @throws {EngineAbsent} when it fails, ends, or takes longer than the limit; it is stopped then.
   */
  run(count: number, limitSeconds: number): Promise<EngineRan>;
  /** @throws {EngineAbsent} when it cannot tell. */
  memory(): Promise<EngineMemory>;
  stop(): void;
}

const startLimitSeconds = 120;
const memoryLimitSeconds = 30;

/** @throws {EngineAbsent} when it does not start: a program, package or kernel that is missing. */
export async function startEngine(engine: Engine, start: EngineStart): Promise<EngineProcess> {
  const [program, ...args] = engine.command;
  const child = spawn(program, args, { stdio: "pipe" });
  const conversation = openConversation(child);
  const ask = async (line: string, limitSeconds: number): Promise<EngineReply> => {
    try {
      const late = `no answer to "${line.slice(0, 40)}" within ${limitSeconds} s`;
      const reply = await withLimit(conversation.ask(line), limitSeconds, late);
      if ("problem" in reply) throw new EngineAbsent(reply.problem);
      return reply;
    } catch (cause) {
      child.kill("SIGKILL");
      throw cause;
    }
  };
  const ready = await ask(JSON.stringify(start), startLimitSeconds);
  return {
    versions: "ready" in ready ? ready.versions : {},
    async run(count, limitSeconds) {
      const reply = await ask(`run ${count}`, limitSeconds);
      if ("milliseconds" in reply && reply.losses.length === count) return reply;
      throw new EngineAbsent(`answered "run ${count}" with ${JSON.stringify(reply).slice(0, 200)}`);
    },
    async memory() {
      const reply = await ask("memory", memoryLimitSeconds);
      if ("heldBytes" in reply) return reply;
      throw new EngineAbsent(`answered "memory" with ${JSON.stringify(reply).slice(0, 200)}`);
    },
    stop: () => void child.kill("SIGKILL"),
  };
}

/** One line out, one line back. */
function openConversation(child: ChildProcessWithoutNullStreams) {
  const complaints: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => complaints.push(line));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  // Writing to a process that has ended says nothing that its missing answer does not say better.
  child.stdin.on("error", () => undefined);
  const ended = new Promise<string>((resolve) => {
    child.once("error", ({ message }) => resolve(message));
    child.once("close", (code, signal) => {
      resolve([`ended with ${signal ?? `exit code ${code}`}`, ...complaints.slice(-3)].join(": "));
    });
  });
  return {
    async ask(line: string): Promise<EngineReply> {
      child.stdin.write(`${line}\n`);
      const next = await lines.next();
      if (!next.done) return JSON.parse(next.value) as EngineReply;
      throw new EngineAbsent(await ended);
    },
  };
}

async function withLimit<T>(work: Promise<T>, limitSeconds: number, message: string): Promise<T> {
  const limit = new AbortController();
  const late = pause(limitSeconds * 1000, undefined, { signal: limit.signal }).then(() => {
    throw new EngineAbsent(message);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    late.catch(() => undefined);
    limit.abort();
  }
}
