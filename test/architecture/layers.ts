/** The layers of ARCHITECTURE.md as data. Imports go strictly down; the exceptions are named here and nowhere else. */
export const layers: readonly (readonly string[])[] = [
  ["contracts"],
  ["onnx", "features", "metrics", "numeric", "store", "trace"],
  ["data", "compile", "train", "export", "tfjs-export", "runtime"],
  ["recommenders", "runtime-node", "runtime-web", "client"],
  ["server", "widget", "oip-conformance"],
  ["cli"],
];

/** Edges inside one layer. */
export const sidewaysEdges: readonly (readonly [from: string, to: string])[] = [
  ["features", "onnx"],
  ["trace", "onnx"],
  ["metrics", "numeric"],
];

/** Private packages outside the layers, and the highest layer they may import. */
export const outsideLayers: Readonly<Record<string, number>> = { testkit: 2, test: 5, bench: 5 };

/** Compiled without Node and DOM types: they run anywhere. */
export const isomorphic: readonly string[] = [
  "contracts",
  "onnx",
  "features",
  "metrics",
  "numeric",
  "trace",
  "compile",
  "runtime",
];

/** Source files over 400 lines, each with a reason. */
export const longFiles: Readonly<Record<string, string>> = {};
