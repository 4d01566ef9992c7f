import type { KernelCases } from "./kernel-case.ts";

export const dilationCases: KernelCases = {};
