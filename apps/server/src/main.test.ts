import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { artifactFolder } from "./testing/harness.ts";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));
const nodeFlags = ["--disable-warning=ExperimentalWarning", "--conditions=@attune/source"];

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [...nodeFlags, main, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
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

async function waitForLog(stream: NodeJS.ReadableStream, message: RegExp): Promise<LogEntry> {
  for await (const line of createInterface({ input: stream })) {
    const entry = JSON.parse(line) as LogEntry;
    if (message.test(entry.msg)) return entry;
  }
  throw new Error(`the log ended without ${message}`);
}

describe("attune-server", () => {
  test("without a model it is misused: exit code 2, and what is missing on stderr", async () => {
    const { output, exit } = start(["--port", "0"]);
    expect(await exit).toBe(2);
    expect(output.stderr).toMatch(
      /^attune-server: --artifact DIR or --models DIR is required\n\n`attune-server --help`/,
    );
    expect(output.stdout).toBe("");
  });

  test("all that is wrong with its options is said at once, with exit code 2", async () => {
    const { output, exit } = start(["--prot", "0", "--workers", "many"], { ATTUNE_DRAIN_MS: "soon" });
    expect(await exit).toBe(2);
    expect(output.stderr).toMatch(
      /\[SERVER_CONFIG\].*\n.*--prot.*--port.*\n.*\n.*ATTUNE_DRAIN_MS.*\n.*--workers/,
    );
    expect(output.stdout).toBe("");
  });

  test("--print-config prints what is in force and where it was given, without keys, and ends", async () => {
    const secret = "secret-0123456789abcdef";
    const keys = JSON.stringify({ keys: [{ id: "web", key: secret, groups: ["inference"] }] });
    const { output, exit } = start(["--print-config", "--port", "0"], { ATTUNE_KEYS: keys });
    expect(await exit).toBe(0);
    expect(JSON.parse(output.stdout)).toMatchObject({
      port: { value: 0, source: "flag" },
      keys: { value: "***", source: "environment" },
      drainMs: { value: 10_000, source: "default" },
    });
    expect(output.stdout + output.stderr).not.toContain(secret);
  });

  test("--help prints every option", async () => {
    const { output, exit } = start(["--help"]);
    expect(await exit).toBe(0);
    expect(output.stdout).toMatch(/^attune-server .*--max-queue-ms MS/s);
    expect(output.stderr).toBe("");
  });

  test("keys that cannot be used end it with exit code 1, and no key is shown", async () => {
    const secret = "too-short-key";
    const keys = JSON.stringify({ keys: [{ id: "web", key: secret, groups: ["inference"] }] });
    const { output, exit } = start(["--artifact", "a", "--port", "0"], { ATTUNE_KEYS: keys });
    expect(await exit).toBe(1);
    expect(output.stderr).toMatch(
      /\[SERVER_KEYS\] the keys of ATTUNE_KEYS .*\n.*expected 16 to 512 characters/,
    );
    expect(output.stderr).not.toContain(secret);
  });

  test("warns in the log of a public address without keys", async () => {
    const args = ["--artifact", await artifactFolder(), "--port", "0", "--host", "0.0.0.0"];
    const { child } = start(args);
    const { msg } = await waitForLog(child.stderr, /may ask the models/);
    expect(msg).toContain("--keys");
  });

  test("an artifact that is not there ends with exit code 1 and the code of the error", async () => {
    const { output, exit } = start(["--artifact", "no-such-folder", "--port", "0"]);
    expect(await exit).toBe(1);
    expect(output.stderr).toContain("[ARTIFACT_MISSING_FILE]");
  });

  test.each(["SIGTERM", "SIGINT"] as const)("serves until %s, drains and ends with 0", async (signal) => {
    const { child, output, exit } = start(["--artifact", await artifactFolder(), "--port", "0"]);
    const { url } = await waitForLog(child.stderr, /^listening$/);
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
