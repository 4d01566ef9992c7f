import type { KernelCases } from "./kernel-case.ts";

export const einsumCases: KernelCases = {};
