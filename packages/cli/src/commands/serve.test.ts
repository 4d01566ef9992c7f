// `attune serve` as a process: what it loads, where its options come from, and that it takes none of the training with it.
import { once } from "node:events";
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { tinyArtifact } from "@attune/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startAttune } from "../testing/process.ts";
import { createFolder, type Folder } from "../testing/terminal.ts";

const { manifest, files } = tinyArtifact();
/** A repository is a folder of these. */
const artifactDir = `models/${manifest.name}/${manifest.version}`;

let folder: Folder;
beforeEach(() => {
  folder = createFolder();
  mkdirSync(path.join(folder.dir, artifactDir), { recursive: true });
  for (const [name, bytes] of Object.entries(files)) folder.write(`${artifactDir}/${name}`, bytes);
});
afterEach(() => folder.remove());

interface Answer {
  readonly url: string;
  readonly adminUrl?: string;
  readonly artifact?: { readonly name: string };
  readonly models?: string;
}

/** Starts a server, asks it something and ends it. */
async function serve<Result>(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  use: (answer: Answer) => Promise<Result>,
): Promise<{ readonly result: Result; readonly stderr: string; readonly code: number | null }> {
  const child = startAttune(["serve", "--json", ...argv], folder.dir, { env });
  const exit = once(child, "close");
  let stderr = "";
  child.stderr!.on("data", (chunk: Buffer) => {
    stderr += chunk.toString("utf8");
  });
  const [line] = (await Promise.race([once(child.stdout!, "data"), exit])) as [Buffer];
  try {
    const result = await use(JSON.parse(String(line)) as Answer);
    child.kill("SIGTERM");
    const [code] = (await exit) as [number | null];
    return { result, stderr, code };
  } finally {
    child.kill("SIGKILL");
  }
}

const ask = async (url: string, headers: Record<string, string> = {}) => {
  const body = JSON.stringify({ history: ["item-0"], k: 2 });
  const init = { method: "POST", headers: { "content-type": "application/json", ...headers }, body };
  return (await fetch(`${url}/v1/recommend`, init)).status;
};

/** Every module of a process, written to a file at its end. */
const recorder = `
  import { registerHooks } from "node:module";
  import { writeFileSync } from "node:fs";
  const urls = [];
  registerHooks({ load(url, context, next) { urls.push(url); return next(url, context); } });
  process.on("exit", () => writeFileSync(process.env.LOADED_FILE, urls.join("\\n")));
`;

test("loads nothing of training, of the data engine and of the browser", async () => {
  const loadedFile = path.join(folder.dir, "loaded.txt");
  const env = {
    LOADED_FILE: loadedFile,
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(recorder)}`,
  };
  const argv = ["--artifact", artifactDir, "--port", "0"];
  expect(await serve(argv, env, ({ url }) => ask(url))).toMatchObject({ result: 200, code: 0 });
  const loaded = readFileSync(loadedFile, "utf8").split("\n");
  const packages = new Set(
    loaded.flatMap((url) => /.*\/(?:node_modules|packages|apps)\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []),
  );
  expect(packages).toContain("server");
  expect(packages).toContain("fastify");
  expect([...packages].filter((name) => /tensorflow|tfjs|duckdb|playwright|clack/.test(name))).toEqual([]);
  const ours = [...packages].filter((name) =>
    ["compile", "data", "export", "metrics", "recommenders", "tfjs-export", "trace", "train"].includes(name),
  );
  expect(ours).toEqual([]);
});

describe("options", () => {
  test("come from flags, environment and a file, and keys are asked for", async () => {
    const key = "a-key-of-enough-length";
    folder.write("server.json", JSON.stringify({ artifact: artifactDir, adminPort: "off", drainMs: 500 }));
    const env = { ATTUNE_KEYS: JSON.stringify({ keys: [{ id: "web", key, groups: ["inference"] }] }) };
    const argv = ["--server-config", "server.json", "--port", "0"];
    const { result, code } = await serve(argv, env, async ({ url, adminUrl, artifact }) => ({
      name: artifact?.name,
      adminUrl,
      statuses: [await ask(url), await ask(url, { "x-api-key": key })],
    }));
    expect(result).toEqual({ name: manifest.name, adminUrl: undefined, statuses: [401, 200] });
    expect(code).toBe(0);
  });

  test("may name a repository instead of an artifact", async () => {
    const { result } = await serve(
      ["--models", "models", "--port", "0"],
      {},
      async ({ url, artifact, models }) => ({
        status: await ask(url),
        artifact,
        models: models && path.basename(models),
      }),
    );
    expect(result).toEqual({ status: 200, artifact: undefined, models: "models" });
  });

  test("that let more in than may be meant are warned of", async () => {
    const argv = ["--artifact", artifactDir, "--port", "0", "--host", "0.0.0.0"];
    const env = { ATTUNE_POTR: "1" };
    const { stderr } = await serve(argv, env, async () => undefined);
    expect(stderr).toContain("Warning: everybody who reaches 0.0.0.0 may ask the models");
    expect(stderr).toContain(
      "Warning: ATTUNE_POTR is no option and was passed over; did you mean ATTUNE_PORT?",
    );
  });

  test("in force are printed with --print-config, without keys, and nothing is served", async () => {
    const { code, json } = await folder.attune(
      "serve",
      "--print-config",
      "--port",
      "0",
      "--allow-origin",
      "https://a.example",
      "--allow-origin",
      "https://b.example",
      "--keys",
      "keys.json",
    );
    expect(code).toBe(0);
    expect(json).toMatchObject({
      port: { value: 0, source: "flag" },
      allowOrigin: { value: ["https://a.example", "https://b.example"], source: "flag" },
      keys: { value: "***", source: "flag" },
      logLevel: { value: "warn", source: "default" },
    });
  });

  test("that do not fit are refused together, before anything is read", async () => {
    folder.write("server.json", JSON.stringify({ maxQueMs: 1 }));
    const { code, json } = await folder.attune(
      "serve",
      "--server-config",
      "server.json",
      "--workers",
      "many",
      "--tls-cert",
      "c.pem",
    );
    expect(code).toBe(2);
    const { error } = json as { error: { code: string; message: string } };
    expect(error.code).toBe("CLI_USAGE");
    expect(error.message).toContain(
      "maxQueMs in server.json: there is no such option (did you mean maxQueueMs?)",
    );
    expect(error.message).toContain("--workers: expected an integer from 0 to 64 or auto");
  });

  test("a port for operators that is taken is refused with the option that changes it", async () => {
    const argv = ["--artifact", artifactDir, "--port", "0"];
    await serve(argv, {}, async ({ adminUrl }) => {
      const { port } = new URL(adminUrl!);
      const { json } = await folder.attune("serve", ...argv, "--admin-port", port);
      expect(json).toMatchObject({
        error: { code: "SERVER_PORT_IN_USE", message: expect.stringContaining("pass --admin-port N") },
      });
    });
  });
});
