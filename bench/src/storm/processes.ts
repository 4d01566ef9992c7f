/** The server under the storm and the generator of the storm, each a process pinned to a core of its own where that can be done. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { BenchError } from "../bench.ts";
import { engineCore, loadCore, onCore } from "../serve/processes/pinning.ts";
import type { LoadOrder, LoadReport, LoadStart } from "./protocol.ts";

const nodeFlags = ["--disable-warning=ExperimentalWarning", "--conditions=@attune/source"];
/** The built `attune-server`, as it is published. */
const serverPackage = createRequire(import.meta.url).resolve("@attune/server/package.json");
const serverMain = join(dirname(serverPackage), "dist", "bin.js");
const loadMain = fileURLToPath(new URL("./load.ts", import.meta.url));

export interface StormServer {
  readonly port: number;
  readonly pid: number;
  /** Largest resident memory seen since the last call, sampled four times a second. Megabytes. */
  takePeakMb(): number;
  residentMb(): number;
  /** Undefined while it runs. */
  readonly ended: { readonly code: number | null; readonly signal: string | null } | undefined;
  signal(name: NodeJS.Signals): void;
  stop(): Promise<void>;
}

/** @param heapMb - `--max-old-space-size`. */
export async function startStormServer(
  serverFlags: readonly string[],
  { heapMb }: { readonly heapMb?: number } = {},
): Promise<StormServer> {
  const heap = heapMb === undefined ? [] : [`--max-old-space-size=${heapMb}`];
  const [program, ...args] = onCore(engineCore, [
    process.execPath,
    ...heap,
    serverMain,
    ...serverFlags,
    "--port",
    "0",
    "--log-level",
    "info",
  ]);
  const child = spawn(program!, args, { stdio: ["ignore", "inherit", "pipe"] });
  let ended: StormServer["ended"];
  child.once("exit", (code, signal) => {
    ended = { code, signal };
  });
  const port = await readPort(child);
  const pid = child.pid!;
  let peakMb = 0;
  const sampler = setInterval(() => {
    peakMb = Math.max(peakMb, residentMb(pid));
  }, 250);
  sampler.unref();
  return {
    port,
    pid,
    takePeakMb() {
      const peak = Math.max(peakMb, residentMb(pid));
      peakMb = 0;
      return peak;
    },
    residentMb: () => residentMb(pid),
    get ended() {
      return ended;
    },
    signal: (name) => void child.kill(name),
    async stop() {
      clearInterval(sampler);
      if (ended !== undefined) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

/** Reads the log until "ready"; the address is in the line "listening". */
async function readPort(child: ChildProcess): Promise<number> {
  const lines: string[] = [];
  let port: number | undefined;
  for await (const line of createInterface({ input: child.stderr! })) {
    lines.push(line);
    const entry = parseLine(line);
    if (entry.msg === "listening" && entry.url !== undefined) port = Number(new URL(entry.url).port);
    if (entry.msg === "ready" && port !== undefined) {
      child.stderr!.resume();
      return port;
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

/** Resident memory from /proc; 0 where there is none. */
function residentMb(pid: number): number {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Math.round(Number(kilobytes ?? 0) / 1024);
  } catch {
    return 0;
  }
}

export interface Load {
  run(order: LoadOrder): Promise<LoadReport>;
  stop(): void;
}

export async function startLoad(start: LoadStart): Promise<Load> {
  const [program, ...args] = onCore(loadCore, [process.execPath, ...nodeFlags, loadMain]);
  const child = spawn(program!, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const ended = once(child, "exit").then(([code]) => {
    throw new BenchError(`the load generator ended with exit code ${code}`);
  });
  ended.catch(() => undefined);
  const answer = async (message: LoadStart | LoadOrder): Promise<unknown> => {
    child.send(message);
    const [reply] = (await Promise.race([once(child, "message"), ended])) as [unknown];
    return reply;
  };
  await answer(start);
  return {
    run: async (order) => (await answer(order)) as LoadReport,
    stop: () => void child.kill(),
  };
}
