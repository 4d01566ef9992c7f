/** How much memory an engine gets when no one says. */
import { totalmem } from "node:os";

const largestMemoryBytes = 4e9;

/** Half of the machine's memory, at most 4 GB. */
export function engineMemoryBytes(): number {
  return Math.min(largestMemoryBytes, totalmem() / 2);
}
