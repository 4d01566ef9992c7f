/** Sums and products that run along an axis. */
import type { Kernel } from "./define.ts";

export const cumulativeKernels: readonly Kernel[] = [];
