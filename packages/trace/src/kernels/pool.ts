/** Largest and mean values of windows, and their gradients. */
import type { Kernel } from "./define.ts";

export const poolKernels: readonly Kernel[] = [];
