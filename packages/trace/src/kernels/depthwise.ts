/** Convolution of each channel by itself, and its gradients. */
import type { Kernel } from "./define.ts";

export const depthwiseKernels: readonly Kernel[] = [];
