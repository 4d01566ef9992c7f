// Each kernel of the list against tfjs-backend-cpu: values at several sizes of one traced model, and gradients. A
// kernel without a case fails, and so does a kernel of tfjs-backend-cpu that is in neither list.
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { checkForward, checkGradient, floatInputs, kernelsOf, opsOf } from "../fixtures/run-case.ts";
import { traceFunction } from "../trace-function.ts";
import { kernelCases } from "./cases/index.ts";
import type { KernelCase } from "./cases/kernel-case.ts";
import { kernels, refusedKernels } from "./index.ts";

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

test("each kernel of tfjs-backend-cpu is in one of the two lists", () => {
  const listed = [...kernels, ...refusedKernels].map(({ kernel }) => kernel);
  const registered = tf.getKernelsForBackend("cpu").map(({ kernelName }) => kernelName);
  expect(listed.toSorted()).toEqual(registered.toSorted());
});

test.each(refusedKernels)("$kernel is refused by name, with the reason", ({ kernel, reason }) => {
  const call = ({ x }: { x?: tf.Tensor }) => tf.engine().runKernel<tf.Tensor>(kernel, { x: x! });
  const trace = () => traceFunction(call, { x: { dtype: "float32", dims: [2] } }, { name: "the case" });
  expect(trace).toThrow(`cannot trace the case:\n  - ${kernel}: ${reason}`);
});

describe.each(kernels)("$kernel", ({ kernel, emits }) => {
  test("appends no ops but those that it says", () => {
    const ops = new Set((kernelCases[kernel] ?? []).flatMap((kernelCase) => opsOf(kernelCase, kernel)));
    expect(emits).toEqual(expect.arrayContaining([...ops]));
  });
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
