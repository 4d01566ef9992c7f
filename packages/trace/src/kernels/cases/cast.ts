import type { KernelCases } from "./kernel-case.ts";

export const castCases: KernelCases = {};
