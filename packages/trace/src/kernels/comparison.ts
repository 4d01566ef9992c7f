/** Comparisons, logic and choice between two tensors. */
import type { Kernel } from "./define.ts";

export const comparisonKernels: readonly Kernel[] = [];
