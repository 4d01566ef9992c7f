/** Where processes run: whatever answers on one core, whatever asks on the other. */
import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";

/** Whether processes can be held to one core each. */
export const isPinned = availableParallelism() > 1 && spawnSync("taskset", ["--version"]).status === 0;

/** Every engine, one at a time. */
export const engineCore = 0;
/** The load generator. */
export const loadCore = 1;

/** The command, held to a core where that can be done. */
export function onCore(
  core: number,
  command: readonly [string, ...string[]],
): readonly [string, ...string[]] {
  return isPinned ? ["taskset", "-c", String(core), ...command] : command;
}
