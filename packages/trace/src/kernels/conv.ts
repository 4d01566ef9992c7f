/** Convolution over two and one spatial dims, and its gradients. */
import type { Kernel } from "./define.ts";

export const convKernels: readonly Kernel[] = [];
