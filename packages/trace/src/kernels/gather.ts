/** Elements picked by index. */
import type { Kernel } from "./define.ts";

export const gatherKernels: readonly Kernel[] = [];
