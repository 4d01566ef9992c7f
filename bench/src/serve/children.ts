/** The two processes under measurement: the real server, and the bare loop. */
import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { BenchError } from "../bench.ts";
import type { BareOrder, BareReply, BareStart } from "./bare-loop.ts";

const nodeFlags = ["--disable-warning=ExperimentalWarning", "--conditions=@attune/source"];
const serverMain = fileURLToPath(new URL("./main.ts", import.meta.resolve("@attune/server")));

export interface RunningServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts `attune-server` on a free port and waits until it is ready. */
export async function startServer(artifactDir: string): Promise<RunningServer> {
  const child = spawn(
    process.execPath,
    [...nodeFlags, serverMain, "--artifact", artifactDir, "--port", "0"],
    {
      stdio: ["ignore", "inherit", "pipe"],
    },
  );
  const url = await readUrl(child);
  return {
    url,
    async stop() {
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

/** Reads the log until "ready"; the URL is in the line "listening". */
async function readUrl(child: ChildProcess): Promise<string> {
  const lines: string[] = [];
  let url: string | undefined;
  for await (const line of createInterface({ input: child.stderr! })) {
    lines.push(line);
    const entry = parseLine(line);
    if (entry.msg === "listening") url = entry.url;
    if (entry.msg === "ready" && url !== undefined) {
      child.stderr!.resume();
      return url;
    }
  }
  throw new BenchError(`the server ended before it was ready:\n${lines.join("\n")}`);
}

function parseLine(line: string): { msg?: string; url?: string } {
  try {
    return JSON.parse(line) as { msg?: string; url?: string };
  } catch {
    return {};
  }
}

export interface BareLoop {
  /** Runs for a while; runs per second. */
  measure(seconds: number): Promise<number>;
  stop(): void;
}

export async function startBareLoop(start: BareStart): Promise<BareLoop> {
  const child = fork(fileURLToPath(new URL("./bare-loop.ts", import.meta.url)), { execArgv: nodeFlags });
  const receive = async (): Promise<BareReply> => {
    const ended = once(child, "exit").then(([code]) => {
      throw new BenchError(`the bare loop ended with exit code ${code}`);
    });
    const [reply] = (await Promise.race([once(child, "message"), ended])) as [BareReply];
    return reply;
  };
  child.send(start);
  await receive();
  return {
    async measure(seconds) {
      child.send({ seconds } satisfies BareOrder);
      const reply = await receive();
      return "runsPerSecond" in reply ? reply.runsPerSecond : Number.NaN;
    },
    stop: () => void child.kill(),
  };
}
