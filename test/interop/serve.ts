/** A server process of its own over an artifact, as an operator would start it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../apps/server/src/main.ts", import.meta.url));

export interface ServerProcess {
  readonly url: string;
  readonly adminUrl: string;
  /** Ends it and removes its artifact. */
  stop(): Promise<void>;
}

/** Resolves when it is ready. */
export async function serve(files: Readonly<Record<string, Uint8Array>>): Promise<ServerProcess> {
  const dir = await mkdtemp(join(tmpdir(), "attune-interop-"));
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(dir, name), bytes);
  const flags = ["--disable-warning=ExperimentalWarning", "--conditions=@attune/source"];
  const child = spawn(process.execPath, [...flags, main, "--artifact", dir, "--port", "0"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const closed = once(child, "close");
  const stop = async () => {
    child.kill("SIGTERM");
    await closed;
    await rm(dir, { recursive: true });
  };
  let listening: ListeningEntry | undefined;
  let isReady = false;
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line);
    if (!line.startsWith("{")) continue;
    const entry = JSON.parse(line) as ListeningEntry;
    if (entry.msg === "listening") listening = entry;
    isReady = entry.msg === "ready";
    if (isReady) break;
  }
  // What it says from now on is not read, and must not fill the pipe.
  child.stderr.resume();
  if (!isReady || listening === undefined) {
    await stop();
    throw new Error(`the server ended before it was ready:\n${said.join("\n")}`);
  }
  return { url: listening.url, adminUrl: listening.adminUrl, stop };
}

interface ListeningEntry {
  readonly msg: string;
  readonly url: string;
  readonly adminUrl: string;
}
