/** Values put around a tensor. */
import type { Kernel } from "./define.ts";

export const padKernels: readonly Kernel[] = [];
