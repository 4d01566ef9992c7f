/** Which signatures have golden artifacts, and what their folders are called. */
import type { TaskName } from "@attune/contracts";

interface FirstKept {
  readonly task: TaskName;
  /** The oldest version that a release had; older ones may be forgotten. */
  readonly version: number;
}

/** A task joins with its first trainer. */
export const firstKept: readonly FirstKept[] = [{ task: "recommend", version: 2 }];

export function goldenName(task: TaskName, version: number): string {
  return `${task}-signature-${version}`;
}
