import type { KernelCases } from "./kernel-case.ts";

export const segmentCases: KernelCases = {};
