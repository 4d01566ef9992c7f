/** Begins the process again with an allocator that gives memory back. Imported before anything else; knows `process`. */
import "@attune/store/require-node";

/** Bytes; the two go together: naming either one fixes both. */
const allocator = {
  /** Blocks from this size on come from the system and go back to it. */
  MALLOC_MMAP_THRESHOLD_: String(1024 * 1024),
  /** What may stay free at the top of the heap: less, and every run of a model would fetch its pages anew. */
  MALLOC_TRIM_THRESHOLD_: String(16 * 1024 * 1024),
} as const;

/**
 * glibc raises the size from which blocks are given back at once to the largest that was ever freed. After a model of
 * 8 MB was loaded and closed that is 8 MB, and what lies under it is kept: a server grows with each release of a model.
 * Naming the size keeps it fixed, and only the environment can name it, so the process is replaced by one that has it:
 * the same program, arguments, streams and process id.
 *
 * Without effect on other systems, where one of the variables is set already, and on a Node that cannot (before 22.15).
 */
export function keepMemorySteady(): void {
  if (process.platform !== "linux" || Object.keys(allocator).some((name) => process.env[name] !== undefined))
    return;
  const { execve } = process as { execve?: typeof process.execve };
  if (execve === undefined) return;
  const args = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const silent = process.emitWarning;
  // Node calls the function experimental, on stderr; what is said here is for the user.
  process.emitWarning = () => {};
  execve.call(process, process.execPath, args, {
    ...process.env,
    ...allocator,
  } as never);
  process.emitWarning = silent;
}
