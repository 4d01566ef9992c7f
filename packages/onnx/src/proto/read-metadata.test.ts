import { expect, test } from "vitest";
import { readMetadata } from "./read-metadata.ts";
import { readModel } from "./read-model.ts";
import { initializerFile, sampleFile } from "./sample-files.ts";

test("says what the model says, without weights", () => {
  const bytes = sampleFile();
  const { graph, ...head } = readModel(bytes);
  expect(readMetadata(bytes)).toEqual({
    ...head,
    graphName: "sample",
    inputs: graph.inputs,
    outputs: graph.outputs,
    foreign: [],
    nodeCount: 2,
    opCounts: { Gather: 1, "ai.onnx.ml.LabelEncoder": 1 },
    initializerCount: 1,
    initializerBytes: 8000,
  });
});

test("steps over weights that could not be decoded", () => {
  const bytes = initializerFile((out) => {
    out.int(1, 3);
    out.int(2, 1);
    out.bytes(9, new Uint8Array(5));
  });
  expect(readMetadata(bytes)).toMatchObject({ initializerCount: 1, initializerBytes: 5 });
});
