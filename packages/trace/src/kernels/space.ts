/** Blocks moved between space, depth and batch. */
import type { Kernel } from "./define.ts";

export const spaceKernels: readonly Kernel[] = [];
