import type { KernelCases } from "./kernel-case.ts";

export const scatterCases: KernelCases = {};
