/** Our own engine: the workload's loss compiled for ONNX Runtime. */

import { compileTraining } from "@attune/compile";
import { createNodeSession } from "@attune/runtime-node";
import * as tf from "@tensorflow/tfjs-core";
import type { WorkloadData } from "../tensor-files.ts";
import { workloads } from "../workloads/index.ts";
import type { NamedArray, Tensors } from "../workloads/workload.ts";
import { serveEngine, type TrainingRun } from "./child.ts";

async function create({ index, weights, batches }: WorkloadData, threads: number): Promise<TrainingRun> {
  // tfjs greets on the console unless told that this is production, and stdout is the protocol's.
  tf.env().set("PROD", true);
  await tf.setBackend("cpu");
  const workload = workloads.find(({ name }) => name === index.workload)!;
  const variables: Record<string, tf.Variable> = {};
  for (const { name, dims, values } of weights) {
    variables[name] = tf.variable(tf.tensor(values, [...dims]), true, name);
  }
  const { learningRate, beta1, beta2, epsilon } = index.adam;
  const training = await compileTraining((batch) => workload.loss(tf, variables, batch as Tensors), {
    signature: Object.fromEntries(batches[0]!.map(({ name, dims, values }) => [name, specOf(dims, values)])),
    variables,
    optimizer: tf.train.adam(learningRate, beta1, beta2, epsilon),
    createSession: createNodeSession,
    threadCount: threads,
  });
  const inputs = batches.map((batch) =>
    Object.fromEntries(batch.map(({ name, dims, values }) => [name, toTensor(dims, values)])),
  );
  let step = 0;
  return {
    versions: { "onnxruntime-node": "1.30.0" },
    async run(count) {
      const losses: number[] = [];
      for (let taken = 0; taken < count; taken++) {
        losses.push((await training.step(inputs[step++ % inputs.length]!)).loss);
      }
      return losses;
    },
  };
}

function specOf(dims: readonly number[], values: NamedArray["values"]) {
  return { dtype: values instanceof Int32Array ? "int32" : "float32", dims } as const;
}

function toTensor(dims: readonly number[], values: NamedArray["values"]) {
  return values instanceof Int32Array
    ? ({ dtype: "int32", dims, data: values } as const)
    : ({ dtype: "float32", dims, data: values } as const);
}

await serveEngine(create);
