// What can be refused before anything is installed, with plain Node: words, port, folders, disk, a named browser. The
// command line looks at the same again, and at more, once it can run.
import { accessSync, constants, existsSync, mkdtempSync, rmdirSync, statfsSync, statSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { parseArgs } from "node:util";

/** The levels of the command line's `--log-level`; a test holds the two lists to each other. */
export const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

/** Room for what is installed, and for a run. */
const installBytes = 2.2e9;
const runBytes = 0.5e9;

/**
 * @param {"start" | "test"} name - what is about to be installed for.
 * @param {readonly string[]} args - the words after it.
 * @param {{ root: string, env: Readonly<Record<string, string | undefined>> }} machine - `root` is the repository.
 * @returns {Promise<{ code: string, issue: string }[]>} one line each: what is wrong and what to do.
 */
export async function findObstacles(name, args, { root, env }) {
  const disk = [...checkWritable(root), ...checkRoom(root)];
  if (name === "test") return [...checkBrowser(env), ...disk];
  const { values } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    options: {
      config: { type: "string" },
      host: { type: "string", default: "127.0.0.1" },
      port: { type: "string", default: "8080" },
      "log-level": { type: "string", default: "warn" },
      "no-serve": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return disk;
  return [
    ...checkLogLevel(values["log-level"]),
    ...(values["no-serve"] ? [] : await checkPort(values.host, values.port)),
    ...disk,
    ...checkProject(values.config, env.INIT_CWD ?? root),
  ];
}

function checkLogLevel(level) {
  if (logLevels.includes(level)) return [];
  return [{ code: "CLI_USAGE", issue: `--log-level "${level}" is none of ${logLevels.join(", ")}` }];
}

async function checkPort(host, text) {
  const port = Number(text);
  if (typeof text !== "string" || text.trim() === "" || !Number.isInteger(port) || port < 0 || port > 65_535)
    return [{ code: "CLI_USAGE", issue: `--port must be a whole number from 0 to 65535, not "${text}"` }];
  if (port === 0 || typeof host !== "string") return [];
  const cause = await new Promise((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen({ host, port }, () => server.close(() => resolve(undefined)));
  });
  if (cause === undefined) return [];
  if (cause.code !== "EADDRINUSE")
    return [
      {
        code: "CLI_CANNOT_START",
        issue: `cannot listen on ${host}:${port} (${cause.message}); pass another --port or --host`,
      },
    ];
  return [
    {
      code: "SERVER_PORT_IN_USE",
      issue: `port ${port} of ${host} is in use; pass another with --port, or 0 for any free one`,
    },
  ];
}

/** Tried with a folder: rights alone do not say that a disk is read-only. */
function checkWritable(dir) {
  try {
    rmdirSync(mkdtempSync(path.join(dir, ".attune-probe-")));
    return [];
  } catch (cause) {
    const issue = `${dir} cannot be written (${cause.code}); work in a copy of it that is yours`;
    return [{ code: "CLI_CANNOT_START", issue }];
  }
}

function checkRoom(root) {
  const { bavail, bsize, blocks } = statfsSync(root);
  const isInstalled = existsSync(path.join(root, "node_modules", ".modules.yaml"));
  const [free, needed] = [bavail * bsize, isInstalled ? runBytes : installBytes];
  // Some network disks report no sizes at all.
  if (blocks === 0 || free >= needed) return [];
  const gigabytes = (bytes) => `${(bytes / 1e9).toFixed(1)} GB`;
  const issue = `${gigabytes(free)} are free on the disk of ${root}; free at least ${gigabytes(needed)}`;
  return [{ code: "CLI_CANNOT_START", issue }];
}

/** The folder of `--config`, where a run writes. */
function checkProject(config, cwd) {
  if (typeof config !== "string") return [];
  const file = path.resolve(cwd, config);
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return [{ code: "CLI_USAGE", issue: `--config ${file} does not exist` }];
  return checkWritable(found.isDirectory() ? file : path.dirname(file));
}

function checkBrowser({ CHROMIUM_PATH: file }) {
  try {
    if (file) accessSync(file, constants.X_OK);
    return [];
  } catch {
    const issue = `CHROMIUM_PATH is ${file}, which is no program; name a Chromium with it, or unset it`;
    return [{ code: "VERIFY_NO_BROWSER", issue }];
  }
}
