/** Layers of several inputs. */
import { layers, type SymbolicTensor } from "@tensorflow/tfjs-layers";
import { type AnyLayer, applyLayer, float, type LayerCase, type LayerCases } from "./layer-case.ts";

function merge(name: string, dims: readonly (readonly number[])[], create: () => AnyLayer): LayerCase {
  return {
    name,
    inputs: dims.map((shape) => float(shape)),
    build: (inputs) => applyLayer(create(), inputs as SymbolicTensor[]),
  };
}

function elementwise(create: () => AnyLayer): readonly LayerCase[] {
  return [
    merge("two", [[3], [3]], create),
    merge(
      "three of rank 3",
      [
        [2, 3],
        [2, 3],
        [2, 3],
      ],
      create,
    ),
    merge(
      "broadcast",
      [
        [2, 3],
        [1, 3],
      ],
      create,
    ),
    merge("of other ranks", [[2, 3], [3]], create),
  ];
}

export const mergeCases: LayerCases = {
  add: elementwise(() => layers.add()),
  average: elementwise(() => layers.average()),
  maximum: elementwise(() => layers.maximum()),
  minimum: elementwise(() => layers.minimum()),
  multiply: elementwise(() => layers.multiply()),
  concatenate: [
    merge(
      "last axis",
      [
        [2, 3],
        [2, 1],
      ],
      () => layers.concatenate(),
    ),
    merge(
      "axis 1",
      [
        [2, 3],
        [1, 3],
        [2, 3],
      ],
      () => layers.concatenate({ axis: 1 }),
    ),
  ],
  dot: [
    merge("rows", [[3], [3]], () => layers.dot({ axes: -1 })),
    merge("cosine", [[3], [3]], () => layers.dot({ axes: 1, normalize: true })),
    merge(
      "rank 3",
      [
        [2, 3],
        [4, 3],
      ],
      () => layers.dot({ axes: 2 }),
    ),
    merge(
      "other axes",
      [
        [2, 3],
        [3, 4],
      ],
      () => layers.dot({ axes: [2, 1] }),
    ),
    merge("rank 3 with a row", [[2, 3], [3]], () => layers.dot({ axes: [2, 1] })),
    merge(
      "rank 3, normalized",
      [
        [2, 3],
        [4, 3],
      ],
      () => layers.dot({ axes: -1, normalize: true }),
    ),
  ],
};
