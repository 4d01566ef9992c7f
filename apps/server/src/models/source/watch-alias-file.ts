/**
 * Tells when the alias file was replaced. The folder is watched, not the file: the file is renamed into place, and a watch
 * on it would stay with the old one. Network file systems tell nothing, so its stat is read every few seconds as well.
 * Versions are never watched: what is being copied in is not for reading.
 */
import { type FSWatcher, type Stats, statSync, watch } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { aliasFileName } from "@attune/contracts/manifest";
import type { ServerLogger } from "../../observe/log.ts";

/** Calls `work` after `delayMs`, and again if `repeats`. Returns what calls it off. */
export type Timer = (work: () => void, delayMs: number, repeats: boolean) => () => void;

export interface AliasWatchOptions {
  readonly logger: ServerLogger;
  onChange(): unknown;
  /** Default: Node's timers, which do not keep the process alive. */
  readonly timer?: Timer;
}

export const watchDelays = { debounceMs: 100, pollMs: 5000 } as const;

/** @returns `close`, which ends it: `onChange` is not called after. */
export function watchAliasFile(
  dir: string,
  { logger, onChange, timer = nodeTimer }: AliasWatchOptions,
): { close(): void } {
  const path = join(dir, aliasFileName);
  let seen = stampOf(statIfThere(path));
  let isClosed = false;
  let callOff: (() => void) | undefined;

  async function look(): Promise<void> {
    const found = stampOf(await stat(path).catch(() => undefined));
    if (isClosed || found === seen) return;
    seen = found;
    onChange();
  }

  const watcher = startWatch(dir, logger, () => {
    callOff?.();
    callOff = timer(() => void look(), watchDelays.debounceMs, false);
  });
  const stopPolling = timer(() => void look(), watchDelays.pollMs, true);
  return {
    close() {
      isClosed = true;
      watcher?.close();
      callOff?.();
      stopPolling();
    },
  };
}

function statIfThere(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    // Whatever keeps it from being read now: when that is over, its stamp is another one.
    return undefined;
  }
}

/** What changes when another file takes the name, or somebody writes into it. Compared for being equal, never for order. */
function stampOf(found: Stats | undefined): string {
  return found === undefined ? "absent" : `${found.ino} ${found.size} ${found.mtimeMs} ${found.ctimeMs}`;
}

/** Undefined where the system has no watches left, or none for this folder: the poll does it alone then. */
function startWatch(dir: string, logger: ServerLogger, onEvent: () => void): FSWatcher | undefined {
  const giveUp = (err: unknown) =>
    logger.warn({ err }, `${aliasFileName} is not watched; it is looked at every few seconds`);
  try {
    const watcher = watch(dir, { persistent: false }, (_, name) => {
      if (name === null || name === aliasFileName) onEvent();
    });
    return watcher.on("error", (err) => {
      giveUp(err);
      watcher.close();
    });
  } catch (err) {
    giveUp(err);
    return undefined;
  }
}

const nodeTimer: Timer = (work, delayMs, repeats) => {
  const handle = repeats ? setInterval(work, delayMs) : setTimeout(work, delayMs);
  handle.unref();
  return () => clearTimeout(handle);
};
