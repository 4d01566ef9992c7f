/**
 * A step's progress on stderr: a bar in a terminal; elsewhere a line each quarter, at its end, and when a long time has
 * passed without one.
 */
import { AttuneError } from "@attune/contracts";
import { secondsMark } from "../heartbeat.ts";
import type { Io } from "../io.ts";

/** @param done - finished units of `total`; `note` is shown beside the bar. */
export type Update = (done: number, total: number, note: string) => void;

/** What a step gives back, and the sentence that stays when it is done. */
export interface StepResult<T> {
  readonly value: T;
  readonly summary: string;
}

/**
 * Runs a named step. Lines said meanwhile stay above its bar; an error leaves the line free.
 *
 * @throws {AttuneError} `CLI_STOPPED` when the io's signal has fired before; what the work throws.
 */
export async function withProgress<T>(
  io: Io,
  title: string,
  work: (update: Update) => Promise<StepResult<T>>,
): Promise<T> {
  if (io.signal.aborted) throw new AttuneError("CLI_STOPPED", { before: title });
  const startedMs = io.now();
  const meter = io.interactive && !io.json ? createBar(io, title) : createLines(io, title);
  try {
    const { value, summary } = await work(meter.update);
    meter.stop();
    const seconds = ((io.now() - startedMs) / 1000).toFixed(1);
    io.say(`${title.padEnd(titleWidth)} ${summary} (${seconds} s)`);
    return value;
  } catch (error) {
    meter.stop();
    throw error;
  }
}

const titleWidth = 9;
const barWidth = 28;
const longestNote = 60;
const leastMsBetweenDrawings = 80;

/** A step of so few stages draws each: the next may be long in coming. */
const fewStages = 10;

interface Meter {
  readonly update: Update;
  stop(): void;
}

/** `train     12 s, ease fit 3/10`: what a heartbeat says of the step. */
function createLines(io: Io, title: string): Meter {
  const startedMs = io.now();
  const head = title.padEnd(titleWidth);
  const show = (text: string) => io.heartbeat?.show(`${head} ${secondsMark} s${text}`, io.now() - startedMs);
  let quarter = 0;
  let shownMs = startedMs;
  show("");
  return {
    update(done, total, note) {
      const reached = Math.floor((4 * done) / Math.max(total, 1));
      if (reached > quarter && reached < 4) {
        io.say(`${head} ${reached * 25} % ${note}`);
        io.heartbeat?.wrote();
      }
      quarter = Math.max(quarter, reached);
      if (total > fewStages && io.now() - shownMs < leastMsBetweenDrawings) return;
      shownMs = io.now();
      show(`, ${note}`);
    },
    stop: () => io.heartbeat?.stop(),
  };
}

/** Clears to the line's end; and keeps a line that is wider than the terminal from going on below. */
const ansi = { clear: "\u001b[K", noWrap: "\u001b[?7l", wrap: "\u001b[?7h" } as const;

function createBar(io: Io, title: string): Meter {
  const startedMs = io.now();
  let drawnMs = Number.NEGATIVE_INFINITY;
  const draw = (share: number, note: string) => {
    const line = barLine(title, share, note);
    const elapsedMs = io.now() - startedMs;
    io.draw(line.replace(secondsMark, String(Math.floor(elapsedMs / 1000))));
    io.heartbeat?.show(line, elapsedMs);
    io.heartbeat?.wrote();
    drawnMs = io.now();
  };
  draw(0, "");
  return {
    update(done, total, note) {
      const share = Math.min(1, done / Math.max(total, 1));
      const isStage = total <= fewStages;
      if (isStage || io.now() - drawnMs >= leastMsBetweenDrawings) draw(share, note);
    },
    stop() {
      io.heartbeat?.stop();
      io.draw(`\r${ansi.clear}`);
    },
  };
}

/** `train     ███░░░  25 %   12 s  ease fit 3/10`, drawn over what stands in the line. */
function barLine(title: string, share: number, note: string): string {
  const full = Math.round(share * barWidth);
  const bar = "█".repeat(full) + "░".repeat(barWidth - full);
  const percent = `${Math.round(share * 100)} %`.padStart(5);
  const text = `${title.padEnd(titleWidth)} ${bar} ${percent}  ${secondsMark} s  ${note.slice(0, longestNote)}`;
  return `${ansi.noWrap}\r${text}${ansi.clear}${ansi.wrap}`;
}
