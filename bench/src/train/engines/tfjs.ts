/** tfjs itself as an engine, on its wasm or cpu backend: `node tfjs.ts wasm`. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
// For what it registers: the gradients of the ops are not part of tfjs-core's Node build.
import "@tensorflow/tfjs-layers";
import type { WorkloadData } from "../tensor-files.ts";
import { workloads } from "../workloads/index.ts";
import type { NamedArray, Tensors } from "../workloads/workload.ts";
import { serveEngine, type TrainingRun } from "./child.ts";

const [backend = "cpu"] = process.argv.slice(2);

async function create({ index, weights, batches }: WorkloadData): Promise<TrainingRun> {
  await useBackend();
  const workload = workloads.find(({ name }) => name === index.workload)!;
  const variables: Record<string, tf.Variable> = {};
  for (const { name, dims, values } of weights) {
    variables[name] = tf.variable(tf.tensor(values, [...dims]), true, name);
  }
  const inputs = batches.map(toTensors);
  const { learningRate, beta1, beta2, epsilon } = index.adam;
  const optimizer = tf.train.adam(learningRate, beta1, beta2, epsilon);
  let step = 0;
  return {
    versions: { "@tensorflow/tfjs-core": tf.version_core },
    async run(count) {
      const losses: tf.Scalar[] = [];
      for (let taken = 0; taken < count; taken++) {
        const batch = inputs[step++ % inputs.length]!;
        losses.push(optimizer.minimize(() => workload.loss(tf, variables, batch), true)!);
      }
      const values = await Promise.all(losses.map((loss) => loss.data<"float32">()));
      tf.dispose(losses);
      return values.map(([value = Number.NaN]) => value);
    },
  };
}

function toTensors(arrays: readonly NamedArray[]): Tensors {
  return Object.fromEntries(arrays.map(({ name, dims, values }) => [name, tf.tensor(values, [...dims])]));
}

async function useBackend(): Promise<void> {
  // tfjs greets on the console unless told that this is production, and stdout is the protocol's.
  tf.env().set("PROD", true);
  if (backend === "wasm") {
    const entry = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
    setWasmPaths(join(dirname(entry), "/"));
  }
  if (!(await tf.setBackend(backend))) throw new Error(`tfjs cannot start its ${backend} backend`);
}

await serveEngine(create);
