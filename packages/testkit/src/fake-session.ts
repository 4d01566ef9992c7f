/** A `Session` in memory, for tests of code that talks to the port. It keeps the same conformance suite as the engines. */
import {
  AttuneError,
  type CreateSession,
  type Session,
  type Tensor,
  type ValueInfo,
} from "@attune/contracts";
import { conformanceModels } from "./conformance/models.ts";

/** What a fake session computes, and how it describes itself. */
export interface FakeModel {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  compute(feeds: Readonly<Record<string, Tensor>>): Record<string, Tensor>;
}

const runtime = { name: "fake", version: "1" } as const;

/** A session over a TypeScript function. Each run answers in a later turn, as engines do. */
export function createFakeSession(model: FakeModel): Session {
  const running = new Set<Promise<unknown>>();
  let isClosed = false;

  async function compute(feeds: Readonly<Record<string, Tensor>>, fetches: readonly string[]) {
    const copies = structuredClone(feeds);
    await Promise.resolve();
    const outputs = model.compute(copies);
    return Object.fromEntries(fetches.map((name) => [name, outputs[name]!]));
  }

  return {
    inputs: model.inputs,
    outputs: model.outputs,
    runtime,
    async run(feeds, fetches = model.outputs.map((output) => output.name), { into = {} } = {}) {
      if (isClosed) throw new AttuneError("RUNTIME_CLOSED", { what: "the session" });
      const issues = [
        ...model.inputs.flatMap((input) => problemOf(input, feeds[input.name])),
        ...unknownNames(Object.keys(feeds), model.inputs),
        ...unknownNames(fetches, model.outputs),
        ...Object.entries(into).flatMap(([name, { data }]) => [
          ...unknownNames([name], model.outputs),
          ...Object.keys(feeds).flatMap((fed) =>
            feeds[fed]?.data === data ? [`${name}: would be written over ${fed}`] : [],
          ),
        ]),
      ];
      if (issues.length > 0) throw new AttuneError("RUNTIME_RUN", { runtime: runtime.name, issues });
      const answer = compute(feeds, fetches);
      running.add(answer);
      return answer.finally(() => running.delete(answer));
    },
    async close() {
      isClosed = true;
      await Promise.allSettled(running);
    },
  };
}

/** Knows the models of the conformance suite by their bytes, and refuses all others. */
export const createFakeConformanceSession: CreateSession = async (bytes) => {
  const model = conformanceModels.find((known) => known.bytes.join() === bytes.join());
  if (model !== undefined) return createFakeSession(model);
  throw new AttuneError("RUNTIME_LOAD", {
    runtime: runtime.name,
    reason: "not a model of the conformance suite",
  });
};

function unknownNames(names: readonly string[], known: readonly ValueInfo[]): string[] {
  return names
    .filter((name) => !known.some((value) => value.name === name))
    .map((name) => `${name}: unknown`);
}

function problemOf({ name, dtype, dims }: ValueInfo, tensor: Tensor | undefined): string[] {
  if (tensor === undefined) return [`${name}: missing`];
  if (tensor.dtype !== dtype) return [`${name}: ${tensor.dtype} is not ${dtype}`];
  const fixedDimsFit = dims.every((dim, axis) => typeof dim !== "number" || dim === tensor.dims[axis]);
  if (tensor.dims.length !== dims.length || !fixedDimsFit) return [`${name}: wrong shape`];
  if (tensor.dims.reduce((product, dim) => product * dim, 1) !== tensor.data.length)
    return [`${name}: wrong length`];
  if (dtype === "float32" && !(tensor.data instanceof Float32Array)) return [`${name}: wrong storage`];
  if (
    tensor.dtype === "string" &&
    !tensor.data.every((value) => typeof value === "string" && !value.includes("\0"))
  ) {
    return [`${name}: not a string, or a string with NUL`];
  }
  return [];
}
