/** The largest, the sorted, the place of a value among others. */
import type { Kernel } from "./define.ts";

export const orderingKernels: readonly Kernel[] = [];
