#!/usr/bin/env node
/** The only file that knows `process`. */
import { Console } from "node:console";
import { writeSync } from "node:fs";
import { AttuneError } from "@attune/contracts";
import { createHeartbeat, secondsMark } from "./heartbeat.ts";
import type { Io } from "./io.ts";
import { reportError, runCommand } from "./run.ts";

const argv = process.argv.slice(2);
// Also where it is misspelt as `--json=true`: whoever wrote it reads JSON.
const json = argv.some((word) => /^--json(=|$)/.test(word));
const stop = new AbortController();
/** With `--json` there is one line, whatever happens after it. */
let answered = false;

/** Signals this close together are one press: a terminal and a parent process may both send it. */
const onePressMs = 1000;
let askedMs: number | undefined;

const isTerminal = process.stderr.isTTY === true && process.env.TERM !== "dumb";
/** Clears a line that a bar may stand on, then writes over it. */
const lineStart = isTerminal ? "\r\u001b[K" : "";
// A pseudo terminal without a size has no room for a question.
const hasRoom = (process.stderr.columns ?? 0) > 0;
const canAsk = isTerminal && hasRoom && process.stdin.isTTY === true && !json;

const io: Io = {
  cwd: currentFolder(),
  env: process.env,
  interactive: isTerminal,
  ...(canAsk && { terminal: { input: process.stdin, output: process.stderr } }),
  json,
  signal: stop.signal,
  now: () => performance.now(),
  say: (text) => process.stderr.write(`${lineStart}${text}\n`),
  draw: (text) => process.stderr.write(text),
  heartbeat: createHeartbeat({ fd: 2, terminal: isTerminal && !json }),
  result: (value) => {
    if (json && !answered) process.stdout.write(`${JSON.stringify(value)}\n`);
    answered = true;
  },
  print: (text) => {
    if (!json) process.stdout.write(`${text}\n`);
  },
};

/**
 * Scripts of the repository run in its root, and the person stands in INIT_CWD. Elsewhere a script may have changed the
 * folder itself, `cd shop && attune train`, which npm's INIT_CWD does not know.
 */
function currentFolder(): string {
  const { INIT_CWD: person, npm_package_name: owner } = process.env;
  if (person && owner === "attune-workspace") return person;
  try {
    return process.cwd();
  } catch {
    return "";
  }
}

// What a config prints would be a second line beside the answer.
if (json) globalThis.console = new Console(process.stderr);

// A second Ctrl-C, or a config that ends the process or waits for ever: programs get their line all the same.
process.on("exit", (code) => {
  if (!json || answered) return;
  const { message, details } = new AttuneError("CLI_STOPPED", {});
  try {
    writeSync(1, `${JSON.stringify({ error: { code: "CLI_STOPPED", message, details } })}\n`);
  } catch {
    // Nobody reads.
  }
  if (code === 0) process.exitCode = 1;
});

// The first signal asks: commands end what they do. A later one ends the process; the next run removes what it left.
function endOnSignal(): void {
  if (askedMs !== undefined && performance.now() - askedMs > onePressMs) process.exit(130);
  if (askedMs === undefined) io.say("Stopping; Ctrl-C again ends at once.");
  askedMs ??= performance.now();
  stop.abort();
}
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, endOnSignal);

// `attune … | head`: nobody reads any more, which ends a program as SIGPIPE would (128 + 13) and is no error to show.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(141);
    throw error;
  });
}

// Also what no promise of ours caught; an unhandled rejection ends up here.
process.on("uncaughtException", (error) => {
  process.exit(reportError(error, io));
});

// Packages ask for the folder while they load.
if (io.cwd === "") {
  const issue = "the current folder is not there any more; go to one that is (`cd`) and run this again";
  process.exit(reportError(new AttuneError("CLI_CANNOT_START", { command: "attune", issues: [issue] }), io));
}

// Loaded here so that a package that does not load is an error like any other. On a busy machine it takes seconds.
const lineEnd = "\u001b[K";
if (io.interactive && !json) io.heartbeat?.show(`\rstarting  ${secondsMark} s${lineEnd}`, 0);
const { commands } = await import("./commands/index.ts");
if (io.interactive && !json) {
  io.heartbeat?.stop();
  io.draw(lineStart);
}
process.exitCode = await runCommand(commands, argv, io);
