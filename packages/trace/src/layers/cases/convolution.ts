/** Convolutions, and layers that change the size of images. */
import { layers } from "@tensorflow/tfjs-layers";
import { float, type LayerCases, layerCase } from "./layer-case.ts";

const line = float([6, 2]);
const image = float([6, 5, 2]);
const volume = float([4, 3, 5, 2]);

export const convolutionCases: LayerCases = {
  conv1d: [
    layerCase("valid", line, () => layers.conv1d({ filters: 3, kernelSize: 3 })),
    layerCase("same, relu, stride 2", line, () =>
      layers.conv1d({ filters: 3, kernelSize: 3, strides: 2, padding: "same", activation: "relu" }),
    ),
    layerCase("no bias", line, () => layers.conv1d({ filters: 3, kernelSize: 1, useBias: false })),
    layerCase("a free length", float([null, 2]), () =>
      layers.conv1d({ filters: 3, kernelSize: 3, padding: "same" }),
    ),
  ],
  conv2d: [
    layerCase("valid", image, () => layers.conv2d({ filters: 3, kernelSize: 3 })),
    layerCase("same, strides", image, () =>
      layers.conv2d({ filters: 3, kernelSize: [3, 2], strides: [2, 1], padding: "same" }),
    ),
    layerCase("dilated, elu", image, () =>
      layers.conv2d({ filters: 3, kernelSize: 2, dilationRate: 2, activation: "elu" }),
    ),
    layerCase("no bias, 1 × 1, sigmoid", image, () =>
      layers.conv2d({ filters: 3, kernelSize: 1, useBias: false, activation: "sigmoid" }),
    ),
    layerCase("channels first", float([2, 6, 5]), () =>
      layers.conv2d({ filters: 3, kernelSize: 3, dataFormat: "channelsFirst" }),
    ),
  ],
  conv2dTranspose: [
    layerCase("valid", float([3, 4, 2]), () =>
      layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2 }),
    ),
    layerCase("same, relu", float([3, 4, 2]), () =>
      layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: "same", activation: "relu" }),
    ),
    layerCase("kernel smaller than strides", float([3, 4, 2]), () =>
      layers.conv2dTranspose({ filters: 3, kernelSize: 2, strides: 3, padding: "same", useBias: false }),
    ),
    layerCase("channels first", float([2, 3, 4]), () =>
      layers.conv2dTranspose({ filters: 3, kernelSize: 2, dataFormat: "channelsFirst" }),
    ),
  ],
  conv3d: [
    layerCase("valid", volume, () => layers.conv3d({ filters: 3, kernelSize: 2 })),
    layerCase("same, strides, relu", volume, () =>
      layers.conv3d({
        filters: 2,
        kernelSize: [2, 3, 2],
        strides: [1, 1, 2],
        padding: "same",
        activation: "relu",
      }),
    ),
    layerCase("no bias", volume, () => layers.conv3d({ filters: 2, kernelSize: 1, useBias: false })),
  ],
  conv3dTranspose: [
    layerCase("valid", float([2, 3, 2, 2]), () =>
      layers.conv3dTranspose({ filters: 3, kernelSize: 2, strides: 2 }),
    ),
    layerCase("same", float([2, 3, 2, 2]), () =>
      layers.conv3dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: "same" }),
    ),
  ],
  separableConv2d: [
    layerCase("valid", image, () => layers.separableConv2d({ filters: 3, kernelSize: 3 })),
    layerCase("same, two a channel, relu", image, () =>
      layers.separableConv2d({
        ...{ filters: 3, kernelSize: 3, depthMultiplier: 2 },
        ...{ strides: [2, 2], padding: "same", activation: "relu" },
      }),
    ),
    layerCase("no bias", image, () => layers.separableConv2d({ filters: 3, kernelSize: 2, useBias: false })),
  ],
  depthwiseConv2d: [
    layerCase("valid", image, () => layers.depthwiseConv2d({ kernelSize: 3 })),
    layerCase("same, two a channel, strides", image, () =>
      layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, strides: [2, 2], padding: "same" }),
    ),
    layerCase("no bias, tanh", image, () =>
      layers.depthwiseConv2d({ kernelSize: 2, useBias: false, activation: "tanh" }),
    ),
  ],
  cropping2D: [
    layerCase("two sides", image, () =>
      layers.cropping2D({
        cropping: [
          [1, 2],
          [0, 1],
        ],
      }),
    ),
    layerCase("none, channels first", float([2, 6, 5]), () =>
      layers.cropping2D({
        cropping: [
          [1, 0],
          [1, 1],
        ],
        dataFormat: "channelsFirst",
      }),
    ),
  ],
  upSampling2d: [
    layerCase("default", float([2, 3, 2]), () => layers.upSampling2d({})),
    layerCase("nearest, other factors", float([2, 3, 2]), () =>
      layers.upSampling2d({ size: [3, 2], interpolation: "nearest" }),
    ),
    layerCase("bilinear", float([2, 3, 2]), () =>
      layers.upSampling2d({ size: [2, 3], interpolation: "bilinear" }),
    ),
    layerCase("channels first", float([2, 3, 2]), () =>
      layers.upSampling2d({ size: [2, 2], dataFormat: "channelsFirst" }),
    ),
  ],
  zeroPadding2d: [
    layerCase("default", float([2, 3, 2]), () => layers.zeroPadding2d()),
    layerCase("each side", float([2, 3, 2]), () =>
      layers.zeroPadding2d({
        padding: [
          [1, 2],
          [0, 3],
        ],
      }),
    ),
    layerCase("channels first", float([2, 3, 2]), () =>
      layers.zeroPadding2d({ padding: [1, 2], dataFormat: "channelsFirst" }),
    ),
  ],
};
