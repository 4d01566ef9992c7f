// Each kernel of the list against tfjs-backend-cpu: values at several sizes of one traced model, and gradients. A
// kernel without a case fails, and so does a kernel of tfjs-backend-cpu that is in neither list.
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { checkForward, checkGradient, floatInputs, kernelsOf } from "../fixtures/run-case.ts";
import { kernelCases } from "./cases/index.ts";
import type { KernelCase } from "./cases/kernel-case.ts";
import { kernels } from "./index.ts";

function isDifferentiable(kernel: string, kernelCase: KernelCase): boolean {
  return (
    kernelCase.gradient === undefined &&
    tf.getGradient(kernel) !== undefined &&
    floatInputs(kernelCase).length > 0
  );
}

test("the list and the cases name the same kernels, once each", () => {
  const names = kernels.map(({ kernel }) => kernel);
  expect(new Set(names).size).toBe(names.length);
  expect(Object.keys(kernelCases).sort()).toEqual([...names].sort());
});

describe.each(kernels.map(({ kernel }) => kernel))("%s", (kernel) => {
  for (const kernelCase of kernelCases[kernel] ?? []) {
    test(kernelCase.name, async () => {
      expect(await kernelsOf(kernelCase)).toContain(kernel);
      await checkForward(kernelCase);
    });
    test.runIf(isDifferentiable(kernel, kernelCase))(`${kernelCase.name}, gradient`, async () => {
      await checkGradient(kernelCase);
    });
  }
});
