#!/usr/bin/env node
/** The only file that knows `process`. */
import { createHeartbeat, secondsMark } from "./heartbeat.ts";
import type { Io } from "./io.ts";
import { reportError, runCommand } from "./run.ts";

const argv = process.argv.slice(2);
const json = argv.includes("--json");
const stop = new AbortController();
/** With `--json` there is one line, whatever happens after it. */
let answered = false;

/** Signals this close together are one press: a terminal and a parent process may both send it. */
const onePressMs = 1000;
let askedMs: number | undefined;

const isTerminal = process.stderr.isTTY === true && process.env.TERM !== "dumb";
/** Clears a line that a bar may stand on, then writes over it. */
const lineStart = isTerminal ? "\r\u001b[K" : "";
const canAsk = isTerminal && process.stdin.isTTY === true && !json;

const io: Io = {
  // Run through a package manager's script, the folder the person stands in is INIT_CWD.
  cwd: process.env.INIT_CWD ?? process.cwd(),
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

// Loaded here so that a package that does not load is an error like any other. On a busy machine it takes seconds.
const lineEnd = "\u001b[K";
if (io.interactive && !json) io.heartbeat?.show(`\rstarting  ${secondsMark} s${lineEnd}`, 0);
const { commands } = await import("./commands/index.ts");
if (io.interactive && !json) {
  io.heartbeat?.stop();
  io.draw(lineStart);
}
process.exitCode = await runCommand(commands, argv, io);
