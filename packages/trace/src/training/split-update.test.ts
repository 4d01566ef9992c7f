import { float32Tensor } from "@attune/onnx";
import { describe, expect, test } from "vitest";
import { constantExpression, type Expression } from "../graph/expression.ts";
import { createValue, type GraphValue } from "../graph/graph.ts";
import { constantValue } from "../unify/constant.ts";
import { splitUpdate } from "./split-update.ts";

const symbol: Expression = { coefficient: 1, symbols: ["n"], offset: 0, isInverse: false };
const two = [constantExpression(2)];

function input(name: string, dims: readonly Expression[] = two): GraphValue {
  return { dtype: "float32", dims, source: { kind: "input", name } };
}

const number = (value: number) => constantValue(float32Tensor([value], []));

function node(scope: string, op: string, ...inputs: readonly GraphValue[]): GraphValue {
  const [{ dims }] = inputs.toSorted((x, y) => y.dims.length - x.dims.length) as [GraphValue];
  return createValue({ op, inputs, scope, kernel: op }, { dtype: "float32", dims });
}

const update = (op: string, ...inputs: readonly GraphValue[]) => node("update", op, ...inputs);
const gradient = (of: GraphValue) => node("gradient", "Sin", of);

const rate = input("rate", []);
const [a, b, c, s] = [input("a"), input("b"), input("c"), input("s", [])];

/** Splits a step with these new values and further outputs. */
function split(
  next: Readonly<Record<string, GraphValue>>,
  further: Readonly<Record<string, GraphValue>> = {},
) {
  const inputs = Object.entries({ a, b, c, s, rate }).map(([name, value]) => ({ name, value }));
  const outputs = [
    ...Object.entries(further).map(([name, value]) => ({ name, value })),
    ...Object.entries(next).map(([name, value]) => ({ name: `${name}/next`, value })),
  ];
  const state = ["a", "b", "c", "s"].map((name) => ({ name, next: `${name}/next` }));
  const found = splitUpdate({ inputs, outputs }, { state, learningRate: "rate", scope: "update" });
  return found && { ...found, names: found.graph.outputs.map(({ name }) => name) };
}

const descend = (state: GraphValue, by: GraphValue) => update("Sub", state, update("Mul", rate, by));

test("plain descent: the gradient is an output, the new value is the program's", () => {
  const found = split({ a: descend(a, gradient(a)) });
  expect(found?.names).toEqual(["gradient/a"]);
  expect(found?.program.scalars).toEqual([{ kind: "learningRate", factor: 1, offset: 0 }]);
  expect(found?.program.groups).toEqual([
    {
      size: 2,
      isTransposed: false,
      states: ["a"],
      gradients: ["gradient/a"],
      steps: [
        {
          op: "Mul",
          operands: [
            { kind: "scalar", index: 0 },
            { kind: "gradient", index: 0 },
          ],
        },
        {
          op: "Sub",
          operands: [
            { kind: "state", index: 0 },
            { kind: "op", index: 0 },
          ],
        },
      ],
      results: [{ kind: "op", index: 1 }],
    },
  ]);
});

describe("states that read each other", () => {
  test("a momentum and what follows it are one group, and the momentum is computed once", () => {
    const velocity = update("Add", update("Mul", a, number(0.9)), gradient(b));
    const [group, ...others] = split({ a: velocity, b: descend(b, velocity) })?.program.groups ?? [];
    expect(others).toEqual([]);
    expect(group?.states).toEqual(["a", "b"]);
    expect(group?.steps.map(({ op }) => op)).toEqual(["Mul", "Add", "Mul", "Sub"]);
    expect(group?.results).toEqual([
      { kind: "op", index: 1 },
      { kind: "op", index: 3 },
    ]);
  });

  test("two that change places are one group", () => {
    const found = split({ a: update("Neg", b), b: update("Neg", a) });
    const [group, ...others] = found?.program.groups ?? [];
    expect(others).toEqual([]);
    const steps = group?.results.map((result) => group.steps[result.kind === "op" ? result.index : -1]);
    const read = steps?.flatMap((step) => step?.operands.map(({ index }) => group?.states[index]));
    expect(group?.states.toSorted()).toEqual(["a", "b"]);
    expect(read).toEqual(group?.states.toReversed());
  });

  test("one that is only read stays as it is", () => {
    const [group] = split({ a: update("Add", a, b) })?.program.groups ?? [];
    expect(group?.states).toEqual(["a", "b"]);
    expect(group?.results[1]).toEqual({ kind: "state", index: 1 });
  });

  test("two groups that turn out to be one: what joins them stays in the graph", () => {
    const found = split({ a: descend(a, gradient(a)), b: descend(b, gradient(b)), c: update("Add", a, b) });
    expect(found?.names).toEqual(["c/next", "gradient/a", "gradient/b"]);
    expect(found?.program.groups.map(({ states }) => states)).toEqual([["a"], ["b"]]);
  });

  test("and no cut exists where that one is overwritten by a group as well", () => {
    const joined = { a: update("Add", a, c), b: descend(b, gradient(b)), c: update("Add", c, b) };
    expect(split(joined)).toBeUndefined();
  });
});

describe("numbers of the whole step", () => {
  test("a state that is a number is a scalar of the program, for its own and for others' sake", () => {
    const decayed = update("Mul", s, number(0.5));
    const found = split({ s: decayed, a: update("Mul", a, decayed) });
    expect(found?.names).toEqual([]);
    expect(found?.program.scalars).toEqual([
      { kind: "state", name: "s" },
      { kind: "constant", value: 0.5 },
      { kind: "op", op: "Mul", operands: expect.arrayContaining([0, 1]) },
    ]);
    expect(found?.program.scalarResults).toEqual([{ name: "s", scalar: 2 }]);
  });

  test("one made outside the update is read from the graph, once for all groups", () => {
    const norm = node("gradient", "ReduceL2", s);
    const found = split({ a: update("Mul", a, norm), b: update("Mul", b, norm) });
    expect(found?.names).toEqual(["scalar"]);
    expect(found?.program.scalars).toEqual([{ kind: "output", name: "scalar" }]);
  });

  test("a division by a number is a product with its inverse, which is computed once", () => {
    const found = split({ a: update("Div", a, s), b: update("Div", b, s) });
    expect(found?.program.scalars.filter(({ kind }) => kind === "op")).toHaveLength(1);
    expect(found?.program.groups.flatMap(({ steps }) => steps.map(({ op }) => op))).toEqual(["Mul", "Mul"]);
  });
});

describe("outputs", () => {
  test("a gradient that is an output already is given under both names", () => {
    const slope = gradient(a);
    const found = split({ a: descend(a, slope) }, { slope });
    expect(found?.names).toEqual(["slope", "gradient/a"]);
    expect(new Set(found?.graph.outputs.map(({ value }) => value))).toEqual(new Set([slope]));
  });

  test("a name that is taken gets a number", () => {
    const found = split({ a: descend(a, gradient(a)) }, { "gradient/a": node("loss", "Cos", b) });
    expect(found?.names).toEqual(["gradient/a", "gradient/a_2"]);
    expect(found?.program.groups[0]?.gradients).toEqual(["gradient/a_2"]);
  });

  test("a new value that is a metric too is computed by both", () => {
    const next = descend(a, gradient(a));
    const found = split({ a: next }, { metric: next });
    expect(found?.names).toEqual(["metric", "gradient/a"]);
    expect(found?.graph.inputs.map(({ name }) => name)).toEqual(["a", "rate"]);
  });
});

describe("stays in the graph", () => {
  test("a new value that a smaller tensor is broadcast into", () => {
    const wide = [constantExpression(3), ...two];
    const [state, row] = [input("wide", wide), input("row")];
    for (const smaller of [row, gradient(row), update("Neg", row)]) {
      const found = splitUpdate(
        {
          inputs: [state, row].map((value, at) => ({ name: ["wide", "row"][at] ?? "", value })),
          outputs: [{ name: "wide/next", value: update("Sub", state, smaller) }],
        },
        {
          state: ["wide", "row"].map((name) => ({ name, next: `${name}/next` })),
          learningRate: "rate",
          scope: "update",
        },
      );
      expect(found?.graph.outputs.map(({ name }) => name)).toEqual(["wide/next"]);
      expect(found?.program.groups).toEqual([]);
    }
  });

  test.each([
    ["a new value made outside the update", node("loss", "Add", a, b)],
    ["an op that mixes elements", update("CumSum", a)],
    ["a new value of a symbolic size", update("Add", input("x", [symbol]), number(1))],
  ])("%s", (_, value) => {
    const found = split({ a: value });
    expect(found?.names).toEqual(["a/next"]);
    expect(found?.program.groups).toEqual([]);
  });
});
