import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { artifactFolder } from "./testing/harness.ts";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));
const nodeFlags = ["--disable-warning=ExperimentalWarning", "--conditions=@attune/source"];

function start(args: readonly string[]) {
  const child = spawn(process.execPath, [...nodeFlags, main, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (part) => {
    output.stdout += part;
  });
  child.stderr.on("data", (part) => {
    output.stderr += part;
  });
  const exit = once(child, "close").then(([code]) => code as number | null);
  return { child, output, exit };
}

interface LogEntry {
  readonly msg: string;
  readonly url?: string;
}

async function waitForLog(stream: NodeJS.ReadableStream, message: string): Promise<LogEntry> {
  for await (const line of createInterface({ input: stream })) {
    const entry = JSON.parse(line) as LogEntry;
    if (entry.msg === message) return entry;
  }
  throw new Error(`the log ended without "${message}"`);
}

describe("attune-server", () => {
  test("misuse is exit code 2, with the usage on stderr and nothing on stdout", async () => {
    const { output, exit } = start(["--port", "0"]);
    expect(await exit).toBe(2);
    expect(output.stderr).toMatch(
      /^attune-server: --artifact DIR is required\n\nattune-server --artifact DIR/,
    );
    expect(output.stdout).toBe("");
  });

  test("an artifact that is not there ends with exit code 1 and the code of the error", async () => {
    const { output, exit } = start(["--artifact", "no-such-folder", "--port", "0"]);
    expect(await exit).toBe(1);
    expect(output.stderr).toContain("[ARTIFACT_MISSING_FILE]");
  });

  test.each(["SIGTERM", "SIGINT"] as const)("serves until %s, drains and ends with 0", async (signal) => {
    const { child, output, exit } = start(["--artifact", await artifactFolder(), "--port", "0"]);
    const { url } = await waitForLog(child.stderr, "listening");
    let isReady = false;
    while (!isReady) isReady = (await fetch(`${url}/readyz`)).ok;
    const body = JSON.stringify({ history: ["item-0"] });
    const headers = { "content-type": "application/json" };
    expect((await fetch(`${url}/v1/recommend`, { method: "POST", headers, body })).status).toBe(200);
    child.kill(signal);
    expect(await exit).toBe(0);
    expect(output.stderr).toContain('"msg":"closed"');
    expect(output.stdout).toBe("");
  });
});
