/** Greyscale dilation and its gradients. */
import type { Kernel } from "./define.ts";

export const dilationKernels: readonly Kernel[] = [];
