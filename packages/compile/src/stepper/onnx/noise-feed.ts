/** The noise inputs of a step's graph. */
import type { Tensor } from "@attune/contracts";
import { noiseDims, type TrainStep } from "@attune/trace";
import type { NoiseSource } from "../../noise/noise-source.ts";
import type { StepRequest } from "../stepper.ts";

/** Fills the noise inputs of a step; their tensors are made anew only for a batch of another size. */
export function createNoiseFeed({ noise: inputs }: TrainStep, noise: NoiseSource) {
  const known = new Map<string, Tensor<"float32">>();
  return (feeds: Record<string, Tensor>, { sizes, step }: StepRequest) => {
    for (const [draw, input] of inputs.entries()) {
      const dims = noiseDims(input, sizes);
      let tensor = known.get(input.name);
      if (tensor === undefined || !dims.every((dim, axis) => dim === tensor?.dims[axis])) {
        const length = dims.reduce((product, dim) => product * dim, 1);
        tensor = { dtype: "float32", dims, data: new Float32Array(length) };
        known.set(input.name, tensor);
      }
      noise.fill(tensor.data, input.kind, step, draw);
      feeds[input.name] = tensor;
    }
  };
}
