/** A person at a terminal, for tests: gives keys, one answer a question, and keeps what was asked. */
import { PassThrough } from "node:stream";
import type { Terminal } from "../io.ts";

export const keys = { enter: "\r", down: "\u001b[B", ctrlC: "\u0003" } as const;

/** A prompt hides the cursor when it begins. */
const beginning = "\u001b[?25l";

export interface Person extends Terminal {
  /** Everything that was shown. */
  readonly shown: () => string;
}

/** @param answers - the keys for each question, in their order. */
export function answerWith(...answers: readonly string[]): Person {
  const waiting = [...answers];
  let text = "";
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 100, rows: 40 });
  output.on("data", (chunk: Buffer) => {
    text += chunk.toString("utf8");
    if (!chunk.includes(beginning)) return;
    const answer = waiting.shift();
    if (answer === undefined) throw new Error(`a question that nobody expected: ${text}`);
    setImmediate(() => input.write(answer));
  });
  return { input, output, shown: () => text };
}
