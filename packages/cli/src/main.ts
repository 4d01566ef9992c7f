#!/usr/bin/env node
/** The only file that knows `process`. */
import { commands } from "./commands/index.ts";
import type { Io } from "./io.ts";
import { runCommand } from "./run.ts";

const argv = process.argv.slice(2);
const json = argv.includes("--json");
const stop = new AbortController();

/** Signals this close together are one press: a terminal and a parent process may both send it. */
const onePressMs = 1000;
let askedMs: number | undefined;

// The first signal asks: commands end what they do. A later one ends the process; the next run removes what it left.
function endOnSignal(): void {
  if (askedMs !== undefined && performance.now() - askedMs > onePressMs) process.exit(130);
  if (askedMs === undefined) process.stderr.write("Stopping; Ctrl-C again ends at once.\n");
  askedMs ??= performance.now();
  stop.abort();
}
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, endOnSignal);

const io: Io = {
  // Run through a package manager's script, the folder the person stands in is INIT_CWD.
  cwd: process.env.INIT_CWD ?? process.cwd(),
  env: process.env,
  interactive: process.stderr.isTTY === true && process.env.TERM !== "dumb",
  json,
  signal: stop.signal,
  now: () => performance.now(),
  say: (text) => process.stderr.write(`${text}\n`),
  draw: (text) => process.stderr.write(text),
  result: (value) => {
    if (json) process.stdout.write(`${JSON.stringify(value)}\n`);
  },
  print: (text) => {
    if (!json) process.stdout.write(`${text}\n`);
  },
};

process.exitCode = await runCommand(commands, argv, io);
