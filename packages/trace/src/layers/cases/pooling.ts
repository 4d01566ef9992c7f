import { layers } from "@tensorflow/tfjs-layers";
import { type AnyLayer, float, type LayerCase, type LayerCases, layerCase } from "./layer-case.ts";

type Pool1d = (args: { poolSize?: number; strides?: number; padding?: "valid" | "same" }) => AnyLayer;
type Size2d = number | [number, number];
type Pool2d = (args: {
  poolSize?: Size2d;
  strides?: Size2d;
  padding?: "valid" | "same";
  dataFormat?: "channelsFirst" | "channelsLast";
}) => AnyLayer;
type Size3d = number | [number, number, number];
type Pool3d = (args: { poolSize?: Size3d; strides?: Size3d; padding?: "valid" | "same" }) => AnyLayer;

function pool1d(create: Pool1d): readonly LayerCase[] {
  return [
    layerCase("default", float([7, 2]), () => create({})),
    layerCase("same, overlapping", float([7, 2]), () => create({ poolSize: 3, strides: 2, padding: "same" })),
    layerCase("a free length", float([null, 2]), () => create({ poolSize: 2, strides: 1 }), {
      lengths: [2, 4, 7],
    }),
  ];
}

function pool2d(create: Pool2d): readonly LayerCase[] {
  return [
    layerCase("default", float([6, 5, 2]), () => create({})),
    layerCase("same, other sizes", float([6, 5, 2]), () =>
      create({ poolSize: [3, 2], strides: [1, 2], padding: "same" }),
    ),
    layerCase("channels first", float([2, 6, 5]), () => create({ poolSize: 2, dataFormat: "channelsFirst" })),
  ];
}

function pool3d(create: Pool3d): readonly LayerCase[] {
  return [
    layerCase("default", float([4, 5, 4, 2]), () => create({})),
    layerCase("same, overlapping", float([4, 5, 4, 2]), () =>
      create({ poolSize: [2, 3, 2], strides: [1, 2, 2], padding: "same" }),
    ),
  ];
}

function global1d(create: () => AnyLayer): readonly LayerCase[] {
  return [layerCase("rows", float([4, 3]), create), layerCase("a free length", float([null, 3]), create)];
}

type Global2d = (args: { dataFormat?: "channelsFirst" | "channelsLast" }) => AnyLayer;

function global2d(create: Global2d): readonly LayerCase[] {
  return [
    layerCase("default", float([3, 4, 2]), () => create({})),
    layerCase("channels first", float([3, 4, 2]), () => create({ dataFormat: "channelsFirst" })),
    layerCase("free sizes", float([null, null, 2]), () => create({})),
  ];
}

export const poolingCases: LayerCases = {
  averagePooling1d: pool1d(layers.averagePooling1d),
  avgPool1d: pool1d(layers.avgPool1d),
  avgPooling1d: pool1d(layers.avgPooling1d),
  maxPooling1d: pool1d(layers.maxPooling1d),
  maxPool1d: pool1d(layers.maxPool1d),
  averagePooling2d: pool2d(layers.averagePooling2d),
  avgPool2d: pool2d(layers.avgPool2d),
  avgPooling2d: pool2d(layers.avgPooling2d),
  maxPooling2d: pool2d(layers.maxPooling2d),
  maxPool2d: pool2d(layers.maxPool2d),
  averagePooling3d: pool3d(layers.averagePooling3d),
  avgPool3d: pool3d(layers.avgPool3d),
  avgPooling3d: pool3d(layers.avgPooling3d),
  maxPooling3d: pool3d(layers.maxPooling3d),
  globalAveragePooling1d: global1d(() => layers.globalAveragePooling1d()),
  globalMaxPooling1d: global1d(() => layers.globalMaxPooling1d()),
  globalMaxPool1d: global1d(() => layers.globalMaxPool1d()),
  globalAveragePooling2d: global2d(layers.globalAveragePooling2d),
  globalMaxPooling2d: global2d(layers.globalMaxPooling2d),
  globalMaxPool2d: global2d(layers.globalMaxPool2d),
};
