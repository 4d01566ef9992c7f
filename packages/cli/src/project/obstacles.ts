/** What stands in the way of a command, found before any work: everything is refused at once. */
import { mkdtemp, rm, stat, statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { AttuneError } from "@attune/contracts";

export interface Obstacle {
  /** One line: what is wrong and what to do. */
  readonly issue: string;
  /** Raised instead of `CLI_CANNOT_START` when this is all that is wrong. */
  readonly alone?: AttuneError;
}

/** Room that a run should find; less is refused before work, not after it. */
export const neededBytes = 200e6;

/**
 * @param misuse - what is wrong with the words.
 * @throws {AttuneError} `CLI_USAGE` when only the words are wrong, `CLI_CANNOT_START` with everything otherwise.
 */
export function assertCanStart(
  command: string,
  misuse: readonly string[],
  obstacles: readonly Obstacle[],
): void {
  const [first, ...others] = obstacles;
  if (first === undefined) {
    if (misuse.length > 0) throw new AttuneError("CLI_USAGE", { command, problem: misuse.join("; ") });
    return;
  }
  if (first.alone !== undefined && others.length === 0 && misuse.length === 0) throw first.alone;
  const issues = [...misuse, ...obstacles.map(({ issue }) => issue)];
  throw new AttuneError("CLI_CANNOT_START", { command, issues });
}

/** Whether files can be made in a folder, and whether its disk has room. A folder that is not there is no obstacle. */
export async function checkFolder(dir: string, minimumBytes = neededBytes): Promise<Obstacle[]> {
  const exists = await stat(dir).catch(() => undefined);
  if (exists === undefined) return [];
  return [...(await checkWritable(dir)), ...(await checkRoom(dir, minimumBytes))];
}

/** Whether temporary files can be made: every step that computes makes some. */
export async function checkTemporaryFolder(): Promise<Obstacle[]> {
  return checkWritable(tmpdir(), "set TMPDIR to a folder of yours");
}

async function checkWritable(
  dir: string,
  advice = "make it a folder of yours, or work in a copy of the project",
): Promise<Obstacle[]> {
  try {
    const probe = await mkdtemp(path.join(dir, ".attune-probe-"));
    await rm(probe, { recursive: true });
    return [];
  } catch (cause) {
    // Without the call and the probe's name, which say nothing to a reader.
    const reason = (cause as Error).message.replace(/, \w+ '.*'$/s, "");
    return [{ issue: `${dir} cannot be written (${reason}); ${advice}` }];
  }
}

async function checkRoom(dir: string, minimumBytes: number): Promise<Obstacle[]> {
  const room = await statfs(dir).catch(() => undefined);
  // Some network disks report no sizes at all.
  if (room === undefined || room.blocks === 0) return [];
  const free = room.bavail * room.bsize;
  if (free >= minimumBytes) return [];
  const megabytes = (bytes: number) => `${Math.floor(bytes / 1e6)} MB`;
  const issue = `only ${megabytes(free)} are free on the disk of ${dir}; free at least ${megabytes(minimumBytes)} there`;
  return [{ issue }];
}

/**
 * Whether a server could listen there. The port can still be taken before it does.
 *
 * @param flags - how the names of the options begin that say where.
 */
export async function checkListen(
  host: string,
  port: number,
  flags: "" | "admin-" = "",
): Promise<Obstacle[]> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host, port }, resolve);
    });
    await new Promise((resolve) => server.close(resolve));
    return [];
  } catch (cause) {
    return [describeListenFailure(host, port, flags, cause as NodeJS.ErrnoException)];
  }
}

function describeListenFailure(
  host: string,
  port: number,
  flags: "" | "admin-",
  cause: NodeJS.ErrnoException,
): Obstacle {
  if (cause.code === "EADDRINUSE") {
    const alone = new AttuneError("SERVER_PORT_IN_USE", { host, port, flag: `--${flags}port` }, { cause });
    return { issue: alone.message, alone };
  }
  const advice =
    cause.code === "EACCES"
      ? `pass --${flags}port N with a number above 1023`
      : `pass --${flags}host with an address of this machine, 127.0.0.1 or 0.0.0.0`;
  return { issue: `cannot listen on ${host}:${port} (${cause.message}); ${advice}` };
}
