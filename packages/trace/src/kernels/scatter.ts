/** Elements put and added by index. */
import type { Kernel } from "./define.ts";

export const scatterKernels: readonly Kernel[] = [];
