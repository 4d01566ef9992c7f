// Whatever a file holds, checking and printing it ends, and ends with sentences.
import type { ValueInfo } from "@attune/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { dataTypes } from "../element-type.ts";
import type { Attribute, Model, Node } from "../model.ts";
import { ops } from "../ops/index.ts";
import { printModel } from "../print/print-model.ts";
import { summarizeModel } from "../print/summarize-model.ts";
import { tensorArbitrary } from "../proto/model.arbitrary.ts";
import { int64Tensor } from "../tensor.ts";
import { checkModel } from "./check-model.ts";

const size = fc.oneof(
  fc.nat({ max: 4 }),
  fc.constantFrom(2 ** 31, 2 ** 53 - 1),
  fc.constantFrom("batch", undefined),
);
const number = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.maxSafeInteger());
const attribute: fc.Arbitrary<Attribute> = fc.oneof(
  fc.record({ type: fc.constant("int" as const), value: number }),
  fc.record({ type: fc.constant("ints" as const), value: fc.array(number, { maxLength: 4 }) }),
  fc.record({ type: fc.constant("string" as const), value: fc.constantFrom("add", "none", "constant", "x") }),
  fc.record({ type: fc.constant("tensor" as const), value: tensorArbitrary }),
);

const named = (prefix: string, values: readonly Omit<ValueInfo, "name">[]) =>
  values.map((value, index) => ({ name: `${prefix}${index}`, ...value }));
const valueTypes = fc.record({
  dtype: fc.constantFrom(...dataTypes),
  dims: fc.array(size, { maxLength: 3 }),
});

/** A body that hands its inputs on, or gives what nothing computes. */
const body: fc.Arbitrary<Attribute> = fc
  .tuple(fc.array(valueTypes, { maxLength: 4 }), fc.array(valueTypes, { maxLength: 4 }), fc.boolean())
  .map(([ins, outs, isPlain]) => {
    const given = named("in", ins);
    const outputs = isPlain ? given : named("in", outs);
    return {
      type: "graph",
      value: { name: "body", nodes: [], inputs: given, outputs, initializers: new Map() },
    };
  });

const inputs: fc.Arbitrary<ValueInfo[]> = fc
  .array(valueTypes, { minLength: 1, maxLength: 4 })
  .map((values) => named("x", values));

/** Nodes of the list whose inputs are earlier values, constants, or nothing. */
const nodes: fc.Arbitrary<Node[]> = fc
  .array(
    fc.record({
      definition: fc.constantFrom(...ops),
      picks: fc.array(fc.nat(), { maxLength: 5 }),
      values: fc.array(attribute, { minLength: 4, maxLength: 4 }),
      bodies: fc.array(body, { minLength: 2, maxLength: 2 }),
      outputCount: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((drafts) => {
    const names = ["x0", "x1", "c0", "c1", ""];
    return drafts.map(({ definition, picks, values, bodies, outputCount }, index) => {
      const outputs = Array.from({ length: outputCount }, (_, at) => `n${index}.${at}`);
      const attributes = Object.entries(definition.attributes).map(([name, { type }], at) => [
        name,
        (type === "graph" ? bodies[at % 2] : values[at % 4]) as Attribute,
      ]);
      const node: Node = {
        name: `n${index}`,
        op: definition.op,
        domain: definition.domain,
        inputs: picks.map((pick) => names[pick % names.length] as string),
        outputs,
        attributes: Object.fromEntries(attributes),
      };
      names.push(...outputs);
      return node;
    });
  });

const model: fc.Arbitrary<Model> = fc
  .record({
    opset: fc.integer({ min: 17, max: 21 }),
    inputs,
    nodes,
    constants: fc.tuple(
      tensorArbitrary,
      fc.array(number, { maxLength: 4 }).map((values) => int64Tensor(values)),
    ),
  })
  .map(({ opset, constants, ...graph }) => ({
    irVersion: 10,
    producer: { name: "hostile", version: "" },
    opsets: { "": opset, "ai.onnx.ml": 4 },
    graph: {
      name: "g",
      ...graph,
      outputs: [],
      initializers: new Map([
        ["c0", constants[0]],
        ["c1", constants[1]],
      ]),
    },
    metadata: {},
  }));

test("any graph of known ops", () => {
  fc.assert(
    fc.property(model, (candidate) => {
      expect(checkModel(candidate)).toContain("the graph has no outputs");
      expect(printModel(candidate)).toContain("model g");
      expect(summarizeModel(candidate).nodeCount).toBe(candidate.graph.nodes.length);
    }),
    { numRuns: 3000 },
  );
});

function chain(length: number, op: string, attributes: Node["attributes"]): Model {
  const nodes = Array.from({ length }, (_, i): Node => {
    const input = i === 0 ? "x" : `n${i - 1}`;
    return { name: `n${i}`, op, domain: "", inputs: [input, input], outputs: [`n${i}`], attributes };
  });
  return {
    irVersion: 10,
    producer: { name: "", version: "" },
    opsets: { "": 21 },
    graph: {
      name: "chain",
      nodes,
      inputs: [{ name: "x", dtype: "int64", dims: [2, 2] }],
      outputs: [{ name: `n${length - 1}`, dtype: "int64", dims: [] }],
      initializers: new Map(),
    },
    metadata: {},
  };
}

// Each Gather of x by x turns rank r into 2r − 1: 3, 5, 9, 17, 33, 65.
test("a chain that doubles the rank stops at 64 axes", () => {
  expect(checkModel(chain(60, "Gather", {}))).toEqual(["node n5 (Gather): the result has more than 64 axes"]);
});

// An engine passes some hundred thousand arguments to a function, and no more.
test("half a million problems are listed, not a stack overflow", () => {
  const count = 500_000;
  const many = chain(count, "NoSuchOp", {});
  expect(checkModel(many).length).toBeGreaterThanOrEqual(count);
  const [node] = many.graph.nodes as [Node];
  const wide = (inputs: string[]): Model => ({
    ...many,
    graph: { ...many.graph, nodes: [{ ...node, op: "Max", inputs }] },
  });
  const nowhere = Array.from({ length: count }, (_, index) => `nowhere${index}`);
  expect(checkModel(wide(nowhere)).length).toBeGreaterThanOrEqual(count);
  expect(checkModel(wide(nowhere.fill("x")))).toEqual([`output n${count - 1} is not computed by any node`]);
});
