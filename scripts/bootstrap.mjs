// Runs on any machine with Node ≥ 20 and npm: brings the pinned pnpm and the dependencies (which bring the
// project's own Node), then starts the product or its checks on that Node. Plain JavaScript, no imports to install.
// What can be refused is refused before the install.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { findObstacles } from "./preflight.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const windows = process.platform === "win32";
const { packageManager } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));

const commands = {
  start: ["--conditions=@attune/source", "packages/cli/src/main.ts", "quickstart"],
  test: ["scripts/check.mjs"],
};

/** The pinned pnpm if it is on the path, otherwise npx fetches it. */
function findPnpm() {
  const wanted = packageManager.split("@").pop();
  const found = spawnSync("pnpm", ["--version"], { cwd: root, encoding: "utf8", shell: windows });
  return found.stdout?.trim() === wanted ? ["pnpm"] : ["npx", "--yes", packageManager];
}

/** Ends as the command itself would: the lines for people, one JSON line for `--json`, a count of tests for `test`. */
function refuse(name, args, obstacles) {
  const issues = obstacles.map(({ issue }) => issue);
  for (const { code, issue } of obstacles) console.error(`${code}: ${issue}`);
  if (name === "test") console.log("tests: 0 passed, 1 failed");
  else if (args.includes("--json")) {
    const codes = new Set(obstacles.map(({ code }) => code));
    const code = codes.size === 1 ? obstacles[0].code : "CLI_CANNOT_START";
    const details = { command: name, issues };
    console.log(JSON.stringify({ error: { code, message: issues.join("; "), details } }));
  }
  process.exit(obstacles.every(({ code }) => code === "CLI_USAGE") ? 2 : 1);
}

function install() {
  const [program, ...prefix] = findPnpm();
  const args = [...prefix, "install", "--frozen-lockfile", "--reporter=append-only"];
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: ["ignore", 2, 2], shell: windows });
  if (status === 0) return;
  console.error(
    `Installing the dependencies failed${error ? `: ${error.message}` : ""}. See the lines above; with no network, nothing can be installed.`,
  );
  process.exit(1);
}

/** The project's own Node, installed as a dependency; every script runs on it. */
function projectNode() {
  const binary = path.join(root, "node_modules", "node", "bin", windows ? "node.exe" : "node");
  return existsSync(binary) ? binary : process.execPath;
}

function run(args) {
  const bin = path.join(root, "node_modules", ".bin");
  const env = {
    ...process.env,
    PATH: `${path.dirname(projectNode())}${path.delimiter}${bin}${path.delimiter}${process.env.PATH}`,
  };
  const child = spawn(projectNode(), ["--disable-warning=ExperimentalWarning", ...args], {
    cwd: root,
    stdio: "inherit",
    env,
  });
  // The child decides how to end; we wait for it. A terminal sends the signal to both of us.
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(error.message);
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}

const [name = "start", ...rest] = process.argv.slice(2);
const command = commands[name];
if (command === undefined) {
  console.error(`bootstrap: no command "${name}"; there are ${Object.keys(commands).join(", ")}`);
  process.exit(2);
}
if (Number(process.versions.node.split(".")[0]) < 20) {
  console.error(`Attune needs Node 20 or newer to install its own; this is ${process.version}.`);
  process.exit(1);
}
// Turbo runs in the install's own scripts too.
process.env.TURBO_TELEMETRY_DISABLED = "1";
process.env.DO_NOT_TRACK = "1";
const obstacles = await findObstacles(name, rest, { root, env: process.env });
if (obstacles.length > 0) refuse(name, rest, obstacles);
install();
run([...command, ...rest]);
