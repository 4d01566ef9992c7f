/** Cases of the random ops: their values vary, so only dtypes and dims are looked at. */
import { fed, fixed, type OpCase } from "./op-case.ts";

const chances = (type: string) => fed([2, 3], [0, 1, 0, 1, 0, 1], type);

export const randomCases: Readonly<Record<string, OpCase>> = {
  RandomNormal: { inputs: [], attributes: ({ T = "float32" }) => ({ shape: [2, 3], dtype: T, mean: 1 }) },
  RandomUniform: { inputs: [], attributes: ({ T = "float32" }) => ({ shape: [2, 0], dtype: T, high: 2 }) },
  RandomNormalLike: {
    inputs: [chances("T1")],
    attributes: ({ T2 = "float32" }) => ({ dtype: T2, seed: 1 }),
  },
  RandomUniformLike: { inputs: [chances("T1")], attributes: ({ T2 = "float32" }) => ({ dtype: T2 }) },
  Multinomial: {
    inputs: [fed([2, 3], [1, 2, 3, 1, 2, 3], "float32")],
    attributes: ({ T2 = "int32" }) => ({ dtype: T2, sample_size: 4 }),
  },
  Dropout: {
    inputs: [fed([2, 3], [1, 2, 3, 4, 5, 6]), fixed([0.5], "T1", []), fed([], [1], "bool")],
    outputCount: 2,
  },
};
