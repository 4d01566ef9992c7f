/** A step's progress on stderr: a bar in a terminal; elsewhere a line each quarter and at its end. */
import { PassThrough } from "node:stream";
import { Presets, SingleBar } from "cli-progress";
import type { Io } from "../io.ts";

/** @param done - finished units of `total`; `note` is shown beside the bar. */
export type Update = (done: number, total: number, note: string) => void;

/** What a step gives back, and the sentence that stays when it is done. */
export interface StepResult<T> {
  readonly value: T;
  readonly summary: string;
}

/** Runs a named step. Lines said before the first update stay above its bar; an error leaves the line free. */
export async function withProgress<T>(
  io: Io,
  title: string,
  work: (update: Update) => Promise<StepResult<T>>,
): Promise<T> {
  const startedMs = io.now();
  const bar = io.interactive && !io.json ? createBar(io, title) : createLines(io, title);
  try {
    const { value, summary } = await work(bar.update);
    bar.stop();
    const seconds = ((io.now() - startedMs) / 1000).toFixed(1);
    io.say(`${title.padEnd(9)} ${summary} (${seconds} s)`);
    return value;
  } catch (error) {
    bar.stop();
    throw error;
  }
}

interface Meter {
  readonly update: Update;
  stop(): void;
}

function createLines(io: Io, title: string): Meter {
  let quarter = 0;
  return {
    update(done, total, note) {
      const reached = Math.floor((4 * done) / Math.max(total, 1));
      if (reached > quarter && reached < 4) io.say(`${title.padEnd(9)} ${reached * 25} % ${note}`);
      quarter = Math.max(quarter, reached);
    },
    stop() {},
  };
}

function createBar(io: Io, title: string): Meter {
  // cli-progress writes to a stream; ours is the io's.
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 100 });
  stream.on("data", (chunk: Buffer) => io.draw(chunk.toString("utf8")));
  const bar = new SingleBar(
    {
      format: `${title.padEnd(9)} {bar} {percentage}%  {note}`,
      stream,
      hideCursor: true,
      barsize: 28,
      clearOnComplete: true,
      fps: 12,
      noTTYOutput: false,
    },
    Presets.shades_classic,
  );
  return {
    update(done, total, note) {
      if (!bar.isActive) bar.start(1, 0, { note });
      bar.setTotal(Math.max(total, 1));
      bar.update(Math.min(done, total), { note: note.slice(0, 60) });
    },
    stop: () => bar.stop(),
  };
}
