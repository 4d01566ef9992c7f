/** Images in another size, and its gradients. */
import type { Kernel } from "./define.ts";

export const resizeKernels: readonly Kernel[] = [];
