/** A real registry on loopback: what is published to it stays in a folder, all else comes from the user's own registry. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const windows = process.platform === "win32";

export interface Registry {
  readonly url: string;
  /** For npm: this registry, a cache that shares only what is not ours, and nothing of the user's own settings. */
  readonly env: NodeJS.ProcessEnv;
  stop(): void;
}

/** @param dir - an empty folder; everything lies in it, so it goes with it. */
export async function startRegistry(dir: string): Promise<Registry> {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}/`;
  // JSON is YAML.
  const config = path.join(dir, "verdaccio.yaml");
  writeFileSync(config, JSON.stringify(await createConfig(dir, `127.0.0.1:${port}`)));
  const bin = path.join(
    path.dirname(createRequire(import.meta.url).resolve("verdaccio/package.json")),
    "bin/verdaccio",
  );
  const child = spawn(process.execPath, [bin, "--config", config], {
    stdio: ["ignore", "ignore", "pipe"],
    env: await proxyEnv(),
  });
  // It must not outlive a test that is ended from outside.
  process.once("exit", () => child.kill());
  await waitUntilReady(child, `${url}-/ping`);
  return { url, env: await createNpmEnv(dir, url), stop: () => child.kill() };
}

async function createConfig(dir: string, listen: string): Promise<object> {
  const open = { access: "$all", publish: "$all", unpublish: "$all" };
  const uplink = (await npmConfig("registry")) ?? "";
  return {
    storage: path.join(dir, "storage"),
    listen,
    web: { enable: false },
    max_body_size: "200mb",
    log: { type: "stdout", format: "json", level: "fatal" },
    uplinks: { outside: { url: uplink, maxage: "60m", timeout: "120s", ...(await uplinkAuth(uplink)) } },
    // Ours come from here and from nowhere else.
    packages: { attune: open, "@attune/*": open, "**": { access: "$all", proxy: "outside" } },
  };
}

/** npm shows no secrets, so the line is read from its file: `//host/:_authToken=…`. */
async function uplinkAuth(uplink: string): Promise<object> {
  const key = uplink.replace(/^https?:/, "").replace(/\/?$/, "/:_authToken=");
  for (const name of ["userconfig", "globalconfig"]) {
    const lines = readLines(await npmConfig(name));
    const token = lines.find((line) => line.replaceAll(" ", "").startsWith(key))?.replace(/^.*?=\s*/, "");
    if (token !== undefined) return { auth: { type: "bearer", token: expand(token) } };
  }
  return {};
}

function readLines(file: string | undefined): string[] {
  try {
    return file === undefined ? [] : readFileSync(file, "utf8").split("\n");
  } catch {
    return [];
  }
}

function expand(value: string): string {
  return value.replace(/\$\{(\w+)\}/g, (_, name: string) => process.env[name] ?? "");
}

/** The way out, as npm would take it. */
async function proxyEnv(): Promise<NodeJS.ProcessEnv> {
  const [https, http, noProxy, cafile] = await Promise.all(
    ["https-proxy", "proxy", "noproxy", "cafile"].map(npmConfig),
  );
  return {
    ...process.env,
    ...(https && { https_proxy: https }),
    ...(http && { http_proxy: http }),
    ...(noProxy && { no_proxy: noProxy }),
    ...(cafile && { NODE_EXTRA_CA_CERTS: cafile }),
  };
}

/** A setting of the user's npm; undefined when it has none. */
async function npmConfig(name: string): Promise<string | undefined> {
  const { stdout } = await run("npm", ["config", "get", name], { shell: windows });
  const value = stdout.trim();
  return value === "null" || value === "undefined" || value === "" ? undefined : value;
}

async function createNpmEnv(dir: string, url: string): Promise<NodeJS.ProcessEnv> {
  const npmrc = path.join(dir, "npmrc");
  const cache = path.join(dir, "cache");
  mkdirSync(cache);
  // Packages of others are found there by their content; what npx installs is this run's alone.
  const shared = path.join((await npmConfig("cache")) ?? cache, "_cacache");
  mkdirSync(shared, { recursive: true });
  symlinkSync(shared, path.join(cache, "_cacache"), "junction");
  writeFileSync(
    npmrc,
    [
      `registry=${url}`,
      // The client asks for a token before it publishes; this registry takes any.
      `${url.replace("http:", "")}:_authToken=anonymous`,
      `cache=${cache}`,
      "noproxy=127.0.0.1",
      "audit=false",
      "fund=false",
      "update-notifier=false",
    ].join("\n"),
  );
  const kept = Object.entries(process.env).filter(([name]) => !/^npm_|^INIT_CWD$/i.test(name));
  const node = path.dirname(process.execPath);
  return {
    ...Object.fromEntries(kept),
    PATH: `${node}${path.delimiter}${process.env.PATH}`,
    npm_config_userconfig: npmrc,
    // onnxruntime-node would fetch a CUDA library at install; docs/install.md says how to keep it off.
    ONNXRUNTIME_NODE_INSTALL: "skip",
    // Pages show output without colours, and a build machine asks for some.
    NO_COLOR: "1",
  };
}

/** Free at this moment; nothing holds it until the registry does. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

async function waitUntilReady(child: ChildProcess, url: string): Promise<void> {
  let said = "";
  child.stderr?.on("data", (chunk) => {
    said += chunk;
  });
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) throw new Error(`the registry did not start:\n${said}`);
    const answers = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (answers) return;
    await wait(100);
  }
  child.kill();
  throw new Error(`the registry does not answer:\n${said}`);
}
