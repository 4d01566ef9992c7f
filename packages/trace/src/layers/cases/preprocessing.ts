import { layers } from "@tensorflow/tfjs-layers";
import {
  type AnyLayer,
  applyLayer,
  float,
  int,
  type LayerCase,
  type LayerCases,
  type LayerInput,
  layerCase,
} from "./layer-case.ts";

const image = float([6, 5, 2]);
const ids = { low: 0, high: 5 };

/** Behind another layer: as the first layer tfjs changes the shape that its own input declares. */
function behind(name: string, input: LayerInput, create: () => AnyLayer): LayerCase {
  const { dims } = input;
  return {
    name,
    inputs: [input],
    build: ([x]) =>
      applyLayer(create(), applyLayer(layers.reshape({ targetShape: dims.map((dim) => dim ?? -1) }), x!)),
  };
}

function encoding(name: string, length: number, numTokens: number, outputMode: string): LayerCase {
  return behind(name, int([length], ids), () =>
    layers.categoryEncoding({ numTokens, outputMode: outputMode as "count" }),
  );
}

const direct: Partial<LayerCase> = {
  reference: {
    why: "tfjs's predict fails: the layer does not unpack the list of inputs that it gets",
    run: (model, [x]) => [model.layers.at(-1)!.call(x!, {}) as NonNullable<typeof x>],
  },
};

export const preprocessingCases: LayerCases = {
  rescaling: [
    layerCase("scale", image, () => layers.rescaling({ scale: 0.5 })),
    layerCase("scale and offset", image, () => layers.rescaling({ scale: 1 / 127.5, offset: -1 })),
    layerCase("int32", int([3], { low: 0, high: 256 }), () => layers.rescaling({ scale: 1 / 255 })),
  ],
  centerCrop: [
    behind("smaller", image, () => layers.centerCrop({ height: 3, width: 2 })),
    behind("one axis", image, () => layers.centerCrop({ height: 4, width: 4 })),
  ],
  resizing: [
    layerCase("bilinear", image, () => layers.resizing({ height: 8, width: 3 }), direct),
    layerCase(
      "nearest",
      image,
      () => layers.resizing({ height: 3, width: 9, interpolation: "nearest" }),
      direct,
    ),
    layerCase(
      "keeping the aspect ratio",
      image,
      () => layers.resizing({ height: 4, width: 4, cropToAspectRatio: true }),
      direct,
    ),
  ],
  categoryEncoding: [
    encoding("multi-hot", 4, 5, "multiHot"),
    encoding("count", 4, 6, "count"),
    encoding("one-hot", 1, 5, "oneHot"),
    encoding("int", 4, 5, "int"),
    behind("float ids", float([3], { low: 0, high: 4.9 }), () =>
      layers.categoryEncoding({ numTokens: 5, outputMode: "count" }),
    ),
  ],
  randomWidth: {
    skip: "draws the width of its images anew in every call, also in prediction: a graph would freeze one",
  },
};
