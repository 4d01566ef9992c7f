/** Activation functions and their gradients. */
import type { Kernel } from "./define.ts";

export const activationKernels: readonly Kernel[] = [];
