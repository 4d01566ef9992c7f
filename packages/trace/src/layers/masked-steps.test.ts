// Any pattern of masked steps gives what tfjs's masked RNN gives: outputs, states, in both directions.
import { writeModel } from "@attune/onnx";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { input, type LayersModel, layers, model } from "@tensorflow/tfjs-layers";
import fc from "fast-check";
import { InferenceSession } from "onnxruntime-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectClose } from "../fixtures/expect-close.ts";
import { createDraw, drawTensor, fromTfjs, toTfjs } from "../fixtures/plain-tensor.ts";
import { drawWeights } from "../fixtures/prepare-case.ts";
import { fromOrt, toOrt } from "../fixtures/run-prepared.ts";
import { traceLayersModel } from "../models/trace-layers-model.ts";
import { applyAll, applyLayer } from "./cases/layer-case.ts";
import { plain } from "./cases/recurrent.ts";

let source: LayersModel;
let session: InferenceSession;

beforeAll(async () => {
  tf.env().set("PROD", true);
  await tf.setBackend("cpu");
  const x = input({ shape: [null, 2], name: "x" });
  const steps = applyLayer(layers.masking(), x);
  const full = { units: 3, returnSequences: true, returnState: true, ...plain };
  const outputs = [
    ...applyAll(layers.lstm(full), steps),
    ...applyAll(layers.gru({ ...full, goBackwards: true }), steps),
    applyLayer(layers.bidirectional({ layer: layers.simpleRNN({ units: 2, ...plain }) as never }), steps),
    applyLayer(
      layers.rnn({ cell: [layers.gruCell({ units: 2, ...plain }), layers.lstmCell({ units: 2, ...plain })] }),
      steps,
    ),
  ];
  source = model({ inputs: x, outputs });
  drawWeights(source, 5);
  const traced = traceLayersModel(source, { name: "masked" });
  expect(traced.graph.nodes.filter(({ op }) => ["LSTM", "GRU", "RNN"].includes(op))).toHaveLength(6);
  session = await InferenceSession.create(writeModel(traced), { intraOpNumThreads: 1 });
});

afterAll(async () => {
  source.dispose();
  await session.release();
});

const masks = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 9 }))
  .chain(([batch, length]) =>
    fc.array(fc.array(fc.boolean(), { minLength: length, maxLength: length }), {
      minLength: batch,
      maxLength: batch,
    }),
  );

test("any mask", async () => {
  await fc.assert(
    fc.asyncProperty(masks, fc.nat(), async (mask, seed) => {
      const length = mask[0]?.length ?? 0;
      const drawn = drawTensor("float32", [mask.length, length, 2], { low: -2, high: 2 }, createDraw(seed));
      const steps = mask.flat();
      const x = { ...drawn, data: drawn.data.map((value, at) => (steps[at >> 1] === true ? value : 0)) };
      const results = await session.run({ x: toOrt(x) });
      const tensor = toTfjs(x);
      const expected = source.predict(tensor) as tf.Tensor[];
      for (const [at, name] of session.outputNames.entries()) {
        expectClose(fromOrt(results[name]!), fromTfjs(expected[at]!), 1e-5, name);
      }
      tf.dispose([tensor, expected]);
    }),
    { numRuns: 60 },
  );
});
