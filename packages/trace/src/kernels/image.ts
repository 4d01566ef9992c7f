/** Crops, flips, rotations, boxes. */
import type { Kernel } from "./define.ts";

export const imageKernels: readonly Kernel[] = [];
