/** A step's progress on stderr: a bar in a terminal; elsewhere a line at its start, each quarter and its end. */
import { PassThrough } from "node:stream";
import { Presets, SingleBar } from "cli-progress";
import type { Io } from "../io.ts";

export interface Progress {
  /** @param done - finished units of `total`; `note` is shown beside the bar. */
  update(done: number, total: number, note: string): void;
  /** Ends the step with one line that stays. */
  finish(summary: string): void;
}

/** Starts a named step. */
export function startProgress(io: Io, title: string): Progress {
  const startedMs = io.now();
  const seconds = () => `${((io.now() - startedMs) / 1000).toFixed(1)} s`;
  if (!io.interactive || io.json) {
    io.say(`${title} …`);
    let quarter = 0;
    return {
      update(done, total, note) {
        const reached = Math.floor((4 * done) / Math.max(total, 1));
        if (reached > quarter && reached < 4) io.say(`${title} ${reached * 25} % ${note}`);
        quarter = Math.max(quarter, reached);
      },
      finish: (summary) => io.say(`${title}: ${summary} (${seconds()})`),
    };
  }
  // cli-progress writes to a stream; ours is the io's.
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 100 });
  stream.on("data", (chunk: Buffer) => io.draw(chunk.toString("utf8")));
  const format = `${title.padEnd(9)} {bar} {percentage}%  {note}`;
  const bar = new SingleBar(
    {
      format,
      stream: stream as unknown as NodeJS.WritableStream,
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
      // Not before: lines said until the first update stay above the bar.
      if (!bar.isActive) bar.start(1, 0, { note });
      bar.setTotal(Math.max(total, 1));
      bar.update(Math.min(done, total), { note: note.slice(0, 60) });
    },
    finish(summary) {
      bar.stop();
      io.say(`${title.padEnd(9)} ${summary} (${seconds()})`);
    },
  };
}
