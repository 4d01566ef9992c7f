/** A workload's weights and batches as raw little-endian files with an index, the same bytes for every engine. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRandom } from "@attune/numeric";
import { adam, batchCount, type NamedArray, type Workload } from "./workloads/workload.ts";

/** One tensor of a file: `bytes` follow from the dims, both dtypes take four a value. */
interface TensorEntry {
  readonly name: string;
  readonly dtype: "float32" | "int32";
  readonly dims: readonly number[];
  readonly offset: number;
}

interface TensorFile {
  readonly file: string;
  readonly tensors: readonly TensorEntry[];
}

/** `index.json` of the folder. */
export interface WorkloadIndex {
  readonly workload: string;
  readonly adam: typeof adam;
  readonly weights: TensorFile;
  readonly batches: readonly TensorFile[];
}

/** What an engine starts from. */
export interface WorkloadData {
  readonly index: WorkloadIndex;
  readonly weights: readonly NamedArray[];
  readonly batches: readonly (readonly NamedArray[])[];
}

const seed = 20_261_124;

/** Writes the folder. The values depend on the workload's name only. */
export async function writeWorkload(dir: string, workload: Workload): Promise<void> {
  const random = createRandom(seed).fork(workload.name);
  const weights = await writeTensors(dir, "weights.bin", workload.weights(random.fork("weights")));
  const batches: TensorFile[] = [];
  for (let at = 0; at < batchCount; at++) {
    batches.push(await writeTensors(dir, `batch-${at}.bin`, workload.batch(random.fork(`batch-${at}`))));
  }
  const index: WorkloadIndex = { workload: workload.name, adam, weights, batches };
  await writeFile(join(dir, "index.json"), JSON.stringify(index));
}

/** Reads what `writeWorkload` wrote. */
export async function readWorkload(dir: string): Promise<WorkloadData> {
  const index = JSON.parse(await readFile(join(dir, "index.json"), "utf8")) as WorkloadIndex;
  return {
    index,
    weights: await readTensors(dir, index.weights),
    batches: await Promise.all(index.batches.map((batch) => readTensors(dir, batch))),
  };
}

async function writeTensors(dir: string, file: string, arrays: readonly NamedArray[]): Promise<TensorFile> {
  const tensors: TensorEntry[] = [];
  let offset = 0;
  for (const { name, dims, values } of arrays) {
    tensors.push({ name, dtype: values instanceof Int32Array ? "int32" : "float32", dims, offset });
    offset += values.byteLength;
  }
  const bytes = arrays.map(({ values }) => Buffer.from(values.buffer, values.byteOffset, values.byteLength));
  await writeFile(join(dir, file), bytes);
  return { file, tensors };
}

async function readTensors(dir: string, { file, tensors }: TensorFile): Promise<readonly NamedArray[]> {
  const { buffer, byteOffset } = await readFile(join(dir, file));
  return tensors.map(({ name, dtype, dims, offset }) => {
    const count = dims.reduce((product, dim) => product * dim, 1);
    // A copy: the bytes of a small file may lie in Node's shared pool, at any alignment.
    const bytes = buffer.slice(byteOffset + offset, byteOffset + offset + count * 4);
    return { name, dims, values: dtype === "int32" ? new Int32Array(bytes) : new Float32Array(bytes) };
  });
}
