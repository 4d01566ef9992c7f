/** Cutting and joining tensors. */
import type { Kernel } from "./define.ts";

export const sliceKernels: readonly Kernel[] = [];
