/** Normalization by given or local statistics. */
import type { Kernel } from "./define.ts";

export const normalizationKernels: readonly Kernel[] = [];
