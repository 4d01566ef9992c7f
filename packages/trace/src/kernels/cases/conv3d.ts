import type { KernelCases } from "./kernel-case.ts";

export const conv3dCases: KernelCases = {};
