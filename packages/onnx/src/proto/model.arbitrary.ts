/** Any model that can be written down, sound or not, for property tests of reader and writer. */
import type { Tensor, ValueInfo } from "@attune/contracts";
import fc from "fast-check";
import { dataTypes } from "../element-type.ts";
import type { Attribute, Graph, Model, Node } from "../model.ts";

const text = fc.string({ unit: "binary", maxLength: 6 });
const dims = fc.array(fc.nat({ max: 3 }), { maxLength: 3 });

/** Tensors of every dtype, scalars and empty ones included, NaN and 2^63 − 1 too. */
export const tensorArbitrary: fc.Arbitrary<Tensor> = fc
  .tuple(fc.constantFrom(...dataTypes), dims)
  .chain(([dtype, shape]) => {
    const length = shape.reduce((product, dim) => product * dim, 1);
    const many = <T>(item: fc.Arbitrary<T>) => fc.array(item, { minLength: length, maxLength: length });
    const data: { [D in Tensor["dtype"]]: fc.Arbitrary<Tensor["data"]> } = {
      float32: many(fc.float()).map((values) => Float32Array.from(values)),
      float64: many(fc.double()).map((values) => Float64Array.from(values)),
      int32: many(fc.integer()).map((values) => Int32Array.from(values)),
      int64: many(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })).map((values) =>
        BigInt64Array.from(values),
      ),
      bool: many(fc.nat({ max: 1 })).map((values) => Uint8Array.from(values)),
      string: many(text),
    };
    return data[dtype].map((values) => ({ dtype, dims: shape, data: values }) as Tensor);
  });

const plainAttribute: fc.Arbitrary<Attribute> = fc.oneof(
  fc.record({ type: fc.constant("int" as const), value: fc.maxSafeInteger() }),
  fc.record({ type: fc.constant("float" as const), value: fc.float() }),
  fc.record({ type: fc.constant("string" as const), value: text }),
  fc.record({ type: fc.constant("ints" as const), value: fc.array(fc.maxSafeInteger()) }),
  fc.record({ type: fc.constant("floats" as const), value: fc.array(fc.float()) }),
  fc.record({ type: fc.constant("strings" as const), value: fc.array(text) }),
  fc.record({ type: fc.constant("tensor" as const), value: tensorArbitrary }),
);

function record<T>(value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> {
  return fc.array(fc.tuple(text, value), { maxLength: 4 }).map((entries) => Object.fromEntries(entries));
}

function node(attribute: fc.Arbitrary<Attribute>): fc.Arbitrary<Node> {
  return fc.record({
    name: text,
    op: text,
    domain: fc.constantFrom("", "ai.onnx.ml", "com.example"),
    inputs: fc.array(text, { maxLength: 3 }),
    outputs: fc.array(text, { maxLength: 3 }),
    attributes: record(attribute),
  });
}

const value: fc.Arbitrary<ValueInfo> = fc.record({
  name: text,
  dtype: fc.constantFrom(...dataTypes),
  dims: fc.array(fc.oneof(fc.nat(), fc.constantFrom("batch", "größe"), fc.constant(undefined)), {
    maxLength: 3,
  }),
});

function graph(attribute: fc.Arbitrary<Attribute>): fc.Arbitrary<Graph> {
  return fc.record({
    name: text,
    nodes: fc.array(node(attribute), { maxLength: 5 }),
    inputs: fc.array(value, { maxLength: 3 }),
    outputs: fc.array(value, { maxLength: 3 }),
    initializers: fc
      .array(fc.tuple(text, tensorArbitrary), { maxLength: 4 })
      .map((entries) => new Map(entries)),
  });
}

function body(attribute: fc.Arbitrary<Attribute>): fc.Arbitrary<Attribute> {
  return fc.record({ type: fc.constant("graph" as const), value: graph(attribute) });
}

/** With graphs in graphs in graphs. */
const attribute = fc.oneof(
  { weight: 7, arbitrary: plainAttribute },
  {
    weight: 1,
    arbitrary: body(
      fc.oneof({ weight: 7, arbitrary: plainAttribute }, { weight: 1, arbitrary: body(plainAttribute) }),
    ),
  },
);

export const modelArbitrary: fc.Arbitrary<Model> = fc.record({
  irVersion: fc.integer({ min: 1, max: 20 }),
  producer: fc.record({ name: text, version: text }),
  opsets: record(fc.integer({ min: 1, max: 30 })),
  metadata: record(text),
  graph: graph(attribute),
});
