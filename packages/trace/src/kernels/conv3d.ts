/** Convolution over three spatial dims, and its gradients. */
import type { Kernel } from "./define.ts";

export const conv3dKernels: readonly Kernel[] = [];
