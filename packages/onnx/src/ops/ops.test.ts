// Each entry of the op list is run in ONNX Runtime: lowest and highest opset, every dtype. What inference says must be
// what the engine returns. An op without a case fails.
import type { DataType, Dim } from "@attune/contracts";
import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import type { GraphBuilder } from "../builder.ts";
import { createGraph } from "../create-graph.ts";
import type { Value } from "../model.ts";
import { writeModel } from "../proto/write-model.ts";
import { makeTensor, type OpCase, type TypeBinding } from "./cases/op-case.ts";
import type { OpDefinition } from "./define.ts";
import { findOp, ops, opsetRange } from "./index.ts";
import { opCases } from "./op-cases.ts";

function casesOf({ op, until }: OpDefinition): readonly OpCase[] {
  return [opCases[`${op}@${until}`] ?? opCases[op] ?? []].flat();
}

/** Each variable through all its dtypes, the others at their first. */
function bindingsOf({ types }: OpDefinition): TypeBinding[] {
  const names = Object.keys(types);
  const base = Object.fromEntries(names.map((name) => [name, types[name]?.[0] ?? "float32"]));
  const varied = names.flatMap((name) => (types[name] ?? []).map((dtype) => ({ ...base, [name]: dtype })));
  const all = [base, ...varied].map((binding) => JSON.stringify(binding));
  return [...new Set(all)].map((text) => JSON.parse(text));
}

function opsetsOf({ domain, since, until }: OpDefinition): number[] {
  if (domain !== "") return [opsetRange[""].max];
  const { min, max } = opsetRange[domain];
  return [...new Set([Math.max(since, min), Math.min(until ?? max, max)])];
}

/** The op alone in a graph, its inputs fed or constant; with or without their sizes. */
function buildCase(
  definition: OpDefinition,
  opCase: OpCase,
  types: TypeBinding,
  opset: number,
  hideDims: boolean,
): { graph: GraphBuilder; values: Value[]; feeds: Record<string, OrtTensor> } {
  const graph = createGraph({ opset });
  const feeds: Record<string, OrtTensor> = {};
  const inputs = opCase.inputs.map((input, index) => {
    if (input === undefined) return undefined;
    const dtype = types[input.type] ?? (input.type as DataType);
    const tensor = makeTensor(dtype, input.dims, input.values);
    if (input.constant) return graph.constant(`c${index}`, tensor);
    feeds[`x${index}`] = new OrtTensor(dtype, tensor.data as Float32Array, input.dims);
    const dims = hideDims && !input.needsDims ? input.dims.map(() => undefined) : input.dims;
    return graph.input(`x${index}`, dtype, dims);
  });
  const attributes = opCase.attributes?.(types, graph) ?? {};
  const values = graph.nodes(definition.op, inputs, opCase.outputCount ?? 1, { attributes });
  for (const [index, value] of values.entries()) graph.output(`y${index}`, value);
  return { graph, values, feeds };
}

/** A symbol or unknown fits anything; a number must be the size. */
function fits(dims: readonly Dim[], actual: readonly number[]): boolean {
  return (
    dims.length === actual.length &&
    dims.every((dim, axis) => typeof dim !== "number" || dim === actual[axis])
  );
}

function expectInferred(values: readonly Value[], outputs: readonly OrtTensor[]): void {
  for (const [index, { dtype, dims }] of values.entries()) {
    const output = outputs[index] as OrtTensor;
    expect(dtype).toBe(output.type);
    expect({ dims, actual: output.dims, fits: fits(dims, output.dims) }).toMatchObject({ fits: true });
  }
}

// One thread: a thread pool per session would cost more than all the ops.
const sessionOptions = { intraOpNumThreads: 1, interOpNumThreads: 1 };

const entries = ops.map((definition) => ({
  name: definition.until ? `${definition.op} until ${definition.until}` : definition.op,
  definition,
}));

describe.each(entries)("$name", ({ definition }) => {
  const cases = casesOf(definition);

  test("has a case", () => {
    expect(cases).not.toEqual([]);
  });

  const bindings = bindingsOf(definition);
  const runs = bindings.flatMap((types) =>
    opsetsOf(definition).flatMap((opset) =>
      cases
        .map((opCase, index) => ({ opCase, index, types, opset }))
        .filter(({ opCase: { except } }) => !Object.values(types).some((dtype) => except?.includes(dtype))),
    ),
  );
  test.each(runs)("$types in opset $opset, case $index", async ({ opCase, types, opset }) => {
    const { graph, values, feeds } = buildCase(definition, opCase, types, opset, false);
    const bytes = writeModel(graph.build({ name: definition.op }));
    const session = await InferenceSession.create(bytes, sessionOptions);
    const results = await session.run(feeds);
    await session.release();
    const outputs = values.map((_, index) => results[`y${index}`] as OrtTensor);
    expectInferred(values, outputs);
    if (!opCase.isDynamic) expect(values.flatMap(({ dims }) => dims)).not.toContain(undefined);
    expectInferred(buildCase(definition, opCase, types, opset, true).values, outputs);
    if (opCase.expected !== undefined && types === bindings[0]) {
      const data = Array.from(outputs[0]?.data as ArrayLike<unknown>, Number);
      expect(data).toEqual(opCase.expected.map((value) => expect.closeTo(value, 5)));
    }
  });
});

test("names and opset ranges of the list do not overlap", () => {
  for (const definition of ops) {
    const range = opsetRange[definition.domain];
    for (let opset = range.min; opset <= range.max; opset++) {
      const inRange = definition.since <= opset && opset <= (definition.until ?? opset);
      if (inRange) expect(findOp(definition.domain, definition.op, opset)).toBe(definition);
    }
  }
  const domains = new Map(ops.map(({ op, domain }) => [op, domain]));
  for (const { op, domain } of ops) expect(domains.get(op)).toBe(domain);
});

test("every case belongs to an entry", () => {
  const keys = new Set(ops.map(({ op, until }) => (opCases[`${op}@${until}`] ? `${op}@${until}` : op)));
  expect(Object.keys(opCases).filter((key) => !keys.has(key))).toEqual([]);
});
