import * as tf from "@tensorflow/tfjs-core";
import { float, type KernelCase, type KernelCases } from "./kernel-case.ts";

function rotate(
  name: string,
  channels: number,
  radians: number,
  fill?: number | [number, number, number],
  center?: number | [number, number],
): KernelCase {
  return {
    name,
    inputs: { image: float(["n", 5, 7, channels]) },
    run: ({ image }) => tf.image.rotateWithOffset(image as tf.Tensor4D, radians, fill, center),
  };
}

export const imageCases: KernelCases = {
  FlipLeftRight: [
    {
      name: "batch",
      inputs: { image: float(["n", 3, 5, 2]) },
      run: ({ image }) => tf.image.flipLeftRight(image as tf.Tensor4D),
    },
    {
      name: "symbolic width",
      inputs: { image: float([2, 3, "n", 2]) },
      run: ({ image }) => tf.image.flipLeftRight(image as tf.Tensor4D),
    },
  ],
  RotateWithOffset: [
    rotate("an eighth", 3, Math.PI / 4),
    rotate("a quarter", 3, Math.PI / 2),
    rotate("backwards, filled with a number", 2, -0.3, 7),
    rotate("filled with a color", 4, 1, [1, 2, 3]),
    rotate("about a corner", 1, 0.4, 0, [0.1, 0.9]),
    rotate("not at all", 2, 0),
  ],
};
