// `npm start` and `npm test` on a machine that lacks something: refused at once, before anything is installed or built.
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { serverOptions } from "@attune/server/configuration";
import { afterEach, beforeEach, expect, test } from "vitest";
import { root } from "./attune.ts";

/** scripts/preflight.mjs, which is plain JavaScript: it runs before anything is installed. */
interface Preflight {
  readonly logLevels: readonly string[];
  findObstacles(
    name: "start" | "test",
    args: readonly string[],
    machine: { readonly root: string; readonly env: Readonly<Record<string, string>> },
  ): Promise<readonly { readonly code: string; readonly issue: string }[]>;
}

const { findObstacles, logLevels }: Preflight = await import(path.join(root, "scripts/preflight.mjs"));

interface Ended {
  readonly code: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), "attune-two-commands-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** A script of the repository where PATH holds nothing at all; stopped if it should begin to work after all. */
function runScript(
  name: string,
  args: readonly string[],
  env: Record<string, string> = {},
  node = process.execPath,
): Promise<Ended> {
  const { CHROMIUM_PATH: _, INIT_CWD: __, ...inherited } = process.env;
  const options = { cwd: dir, env: { ...inherited, PATH: dir, ...env }, timeout: 50_000 };
  return new Promise((resolve) => {
    execFile(node, [path.join(root, "scripts", name), ...args], options, (error, stdout, stderr) =>
      resolve({ code: error ? (error.code ?? null) : 0, stdout, stderr }),
    );
  });
}

const lines = (text: string) => text.trimEnd().split("\n");

test("npm test without a browser ends at once with one line", async () => {
  const env = { ATTUNE_NO_SYSTEM_BROWSER: "1", ATTUNE_NO_NPM_BROWSER: "1" };
  const { code, stdout, stderr } = await runScript("check.mjs", [], env);
  expect(code).toBe(1);
  expect(lines(stderr)).toEqual([
    expect.stringMatching(/^The tests need a browser: no Chromium found .*apt-get install chromium/),
  ]);
  expect(stderr).not.toContain("--no-web");
  expect(stdout).toBe("tests: 0 passed, 1 failed\n");
});

test("npm test with a CHROMIUM_PATH that is nothing is refused before the install", async () => {
  const { code, stdout, stderr } = await runScript("bootstrap.mjs", ["test"], {
    CHROMIUM_PATH: `${dir}/none`,
  });
  expect(code).toBe(1);
  expect(lines(stderr)).toEqual([expect.stringMatching(/^VERIFY_NO_BROWSER: CHROMIUM_PATH is .*unset it$/)]);
  expect(stdout).toBe("tests: 0 passed, 1 failed\n");
});

test("npm start with a port in use is refused before the install", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = String((server.address() as AddressInfo).port);
  try {
    const { code, stdout, stderr } = await runScript("bootstrap.mjs", ["start", "--port", port, "--json"]);
    expect(code).toBe(1);
    expect(lines(stderr)).toEqual([
      `SERVER_PORT_IN_USE: port ${port} of 127.0.0.1 is in use; pass another with --port, or 0 for any free one`,
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "SERVER_PORT_IN_USE" } });
    // Nothing is served then.
    expect(await findObstacles("start", ["--port", port, "--no-serve"], { root, env: {} })).toEqual([]);
  } finally {
    server.close();
  }
});

// The scripts themselves run on the Node that happens to be there.
test.each([
  ["the project's Node", process.execPath],
  ["Node 20", path.join(root, "test/node_modules/node20/bin/node")],
])("npm start lists every wrong word in one go, before the install, on %s", async (_, node) => {
  const args = ["start", "--log-level", "loud", "--port", "8o80", "--config", "nowhere"];
  const { code, stderr } = await runScript("bootstrap.mjs", args, { INIT_CWD: dir }, node);
  expect(code).toBe(2);
  expect(lines(stderr)).toEqual([
    expect.stringContaining('--log-level "loud" is none of trace, debug'),
    expect.stringContaining('not "8o80"'),
    expect.stringContaining(`${path.join(dir, "nowhere")} does not exist`),
  ]);
});

test("the script knows the log levels of the command line", () => {
  expect(logLevels).toEqual([...serverOptions.logLevel.words]);
});

test("a folder in which nothing can be made is refused before the install", async () => {
  // Nobody, root neither, makes a folder in /proc/self.
  const found = await findObstacles("start", ["--port", "0", "--config", "/proc/self"], { root, env: {} });
  expect(found).toEqual([
    {
      code: "CLI_CANNOT_START",
      issue: expect.stringMatching(/^\/proc\/self cannot be written .*that is yours$/),
    },
  ]);
});

test("words that only the command line knows are left to it", async () => {
  mkdirSync(path.join(dir, "shop"));
  const args = ["--no-serve", "--no-web", "--config", "shop", "--what-is-this"];
  expect(await findObstacles("start", args, { root, env: { INIT_CWD: dir } })).toEqual([]);
  expect(await findObstacles("start", ["--help"], { root, env: {} })).toEqual([]);
});
