/** How far a runtime is from tfjs: seeded inputs through both, the largest differences of all outputs. */
import { AttuneError, type Session, type Tensor } from "@attune/contracts";
import type { Tensor as CoreTensor } from "@tensorflow/tfjs-core";
import type { LoadedTfjsModel } from "../load-tfjs-model.ts";
import { importTfjs } from "../tfjs.ts";
import { seedInputs } from "./seeded-inputs.ts";

/** One batch: what goes in, and what tfjs makes of it. Outputs in the model's order. */
export interface ParityCase {
  readonly batch: number;
  readonly feeds: Readonly<Record<string, Tensor>>;
  readonly expected: readonly Tensor[];
}

export interface TensorParity {
  /** Largest absolute difference of any element. */
  readonly maxAbs: number;
  /** Largest difference divided by tfjs's value; by a thousandth of the output's largest where the value is smaller. */
  readonly maxRel: number;
  /** Largest difference, relative above 1: what is held to the tolerance. */
  readonly maxScaled: number;
  /** The place of `maxScaled` in words, for people. */
  readonly worst: string;
}

/** Batch sizes of a parity run: alone, a few, and one that is no power of two. */
const batches = [1, 3, 7];

/** float32 sums in another order, through as many layers as there are. */
export const tfjsTolerance = 1e-4;

/** Runs tfjs on seeded inputs of three batch sizes. A fixed first size is kept. */
export async function predictSeeded(loaded: LoadedTfjsModel): Promise<readonly ParityCase[]> {
  const { core } = await importTfjs();
  return batches.map((batch) => {
    const feeds = seedInputs(loaded.inputs, { batch, seed: batch });
    const expected: Tensor[] = [];
    core.tidy(() => {
      const tensors = loaded.inputs.map(({ name }) => {
        const { data, dims, dtype } = feeds[name]!;
        return core.tensor(data, [...dims], dtype);
      });
      const named = Object.fromEntries(loaded.inputs.map(({ name }, at) => [name, tensors[at]!]));
      const result =
        loaded.kind === "layers"
          ? loaded.model.predictOnBatch(tensors.length === 1 ? tensors[0]! : tensors)
          : loaded.model.predict(named);
      const outputs = result instanceof core.Tensor ? [result] : Object.values(result);
      expected.push(...outputs.map(readTensor));
    });
    return { batch, feeds, expected };
  });
}

function readTensor(output: CoreTensor): Tensor {
  const { dtype, shape } = output;
  const dims = [...shape];
  const data = output.dataSync();
  if (dtype === "int32") return { dtype, dims, data: Int32Array.from(data) };
  if (dtype === "bool") return { dtype, dims, data: Uint8Array.from(data) };
  return { dtype: "float32", dims, data: Float32Array.from(data) };
}

/** Runs the cases on a session of the exported model. */
export async function runCases(
  session: Session,
  cases: readonly Pick<ParityCase, "feeds">[],
): Promise<readonly (readonly Tensor[])[]> {
  const answers: Tensor[][] = [];
  for (const { feeds } of cases) {
    const used = session.inputs.map(({ name }) => [name, feeds[name]!] as const);
    const outputs = await session.run(Object.fromEntries(used));
    answers.push(session.outputs.map(({ name }) => outputs[name]!));
  }
  return answers;
}

/** The largest differences; another shape or dtype, or a number on one side only, counts as infinite. */
export function compareCases(
  cases: readonly ParityCase[],
  answers: readonly (readonly Tensor[])[],
): TensorParity {
  let parity: TensorParity = { maxAbs: 0, maxRel: 0, maxScaled: 0, worst: "none" };
  for (const [at, { batch, expected }] of cases.entries()) {
    for (const [index, tensor] of expected.entries()) {
      const found = compareTensors(tensor, answers[at]?.[index]);
      parity = {
        maxAbs: Math.max(parity.maxAbs, found.maxAbs),
        maxRel: Math.max(parity.maxRel, found.maxRel),
        maxScaled: Math.max(parity.maxScaled, found.maxScaled),
        worst:
          found.maxScaled > parity.maxScaled || parity.worst === "none"
            ? `output ${index}, batch ${batch}: ${found.worst}`
            : parity.worst,
      };
    }
  }
  return parity;
}

function compareTensors(expected: Tensor, actual: Tensor | undefined): TensorParity {
  const form = (tensor: Tensor | undefined) => `${tensor?.dtype}[${tensor?.dims.join(", ")}]`;
  if (form(expected) !== form(actual)) {
    const infinite = Number.POSITIVE_INFINITY;
    const worst = `${form(actual)} where tfjs has ${form(expected)}`;
    return { maxAbs: infinite, maxRel: infinite, maxScaled: infinite, worst };
  }
  const wanted = Array.from(expected.data as ArrayLike<number>, Number);
  const found = Array.from((actual as Tensor).data as ArrayLike<number>, Number);
  const floor = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 1000;
  const parity = { maxAbs: 0, maxRel: 0, maxScaled: 0, worst: "equal" };
  for (const [at, value] of wanted.entries()) {
    const other = found[at] ?? Number.NaN;
    if (Object.is(value, other) || value === other) continue;
    const gap = Math.abs(value - other);
    const difference = Number.isFinite(gap) ? gap : Number.POSITIVE_INFINITY;
    const scaled = difference / Math.max(1, Math.abs(value));
    parity.maxAbs = Math.max(parity.maxAbs, difference);
    parity.maxRel = Math.max(parity.maxRel, difference / Math.max(floor, Math.abs(value)));
    if (scaled <= parity.maxScaled) continue;
    parity.maxScaled = scaled;
    parity.worst = `element ${at} is ${other}, tfjs has ${value}`;
  }
  return parity;
}

/** @throws {AttuneError} `EXPORT_TFJS_PARITY` when a runtime is further from tfjs than `tfjsTolerance`. */
export function assertTensorParity(runtime: string, { maxScaled, worst }: TensorParity): void {
  if (maxScaled <= tfjsTolerance) return;
  throw new AttuneError("EXPORT_TFJS_PARITY", { runtime, maxScaled, tolerance: tfjsTolerance, worst });
}
