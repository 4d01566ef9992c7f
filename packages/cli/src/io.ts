import type { Readable, Writable } from "node:stream";
import type { Heartbeat } from "./heartbeat.ts";

/** A person who can answer questions: keys come in, text goes out. */
export interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
}

/** How a command touches the world. Only main.ts makes a real one; tests make their own. */
export interface Io {
  /** Folder that relative paths start from. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** True when stderr is a terminal: bars instead of lines, colours. */
  readonly interactive: boolean;
  /** Where questions are asked: present when stdin and stderr are a terminal and there is no `--json`. */
  readonly terminal?: Terminal;
  /** True with `--json`: one JSON line on stdout and nothing else there. */
  readonly json: boolean;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  /** Milliseconds, for durations. */
  now(): number;
  /** A line of text for people, on stderr. */
  say(text: string): void;
  /** Raw text for people, on stderr, without a line end: progress bars. */
  draw(text: string): void;
  /** Goes on saying how long a step runs while this thread computes; absent where nobody watches. */
  readonly heartbeat?: Heartbeat;
  /** The command's result for programs: printed on stdout when `--json` was given. */
  result(value: unknown): void;
  /** Text that is the answer itself (a printed graph, a list of ids): stdout, unless `--json` was given. */
  print(text: string): void;
}
