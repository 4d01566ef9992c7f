// Bodies of If, Loop and Scan: built, run in the engine, written and read, checked and printed.
import { type AttuneError, isAttuneError } from "@attune/contracts";
import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import type { GraphBuilder, Subgraph } from "./builder.ts";
import { checkModel } from "./check/check-model.ts";
import { findNonFinite } from "./check/non-finite.ts";
import { createGraph } from "./create-graph.ts";
import type { Graph, Model } from "./model.ts";
import { printModel } from "./print/print-model.ts";
import { summarizeModel } from "./print/summarize-model.ts";
import { readMetadata } from "./proto/read-metadata.ts";
import { readModel } from "./proto/read-model.ts";
import { writeModel } from "./proto/write-model.ts";
import { boolTensor, float32Tensor, int64Tensor } from "./tensor.ts";

function issuesOf(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    if (isAttuneError(error, "ONNX_BUILD")) return (error as AttuneError<"ONNX_BUILD">).details.issues;
    throw error;
  }
  throw new Error("nothing was thrown");
}

async function run(model: Model, feeds: Record<string, OrtTensor>): Promise<Record<string, number[]>> {
  const session = await InferenceSession.create(writeModel(model), { intraOpNumThreads: 1 });
  const results = await session.run(feeds);
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, { data }]) => [name, Array.from(data as Float32Array, Number)]),
  );
}

const floats = (dims: readonly number[], ...values: number[]) =>
  new OrtTensor("float32", Float32Array.from(values), dims);

/** Gradient descent on (w·x − y)², one example a turn: `w` goes round, the errors are noted. */
function descent(): Model {
  const graph = createGraph();
  const start = graph.input("w", "float32", [2]);
  const xs = graph.input("x", "float32", ["steps", 2]);
  const ys = graph.input("y", "float32", ["steps"]);
  const rate = graph.constant("rate", float32Tensor([0.25], []));
  const step = graph.scope("train").subgraph("step", (body) => {
    const w = body.input("w", "float32", [2]);
    const x = body.input("x", "float32", [2]);
    const error = body.node("Sub", [body.node("MatMul", [w, x]), body.input("y", "float32", [])]);
    const doubled = body.scope("gradient").node("Mul", [error, body.constant("two", float32Tensor([2], []))]);
    body.node("Neg", [doubled]);
    const gradient = body.node("Mul", [doubled, x]);
    body.output("w", body.node("Sub", [w, body.node("Mul", [rate, gradient])]));
    body.output("error", error);
  });
  const [w, errors] = graph.nodes("Scan", [start, xs, ys], 2, {
    attributes: { body: step, num_scan_inputs: 2 },
  });
  expect([w?.dims, errors?.dims]).toEqual([[2], ["steps"]]);
  graph.output("final", w!);
  graph.output("errors", errors!);
  return graph.build({ name: "descent" });
}

/** How often a number halves before it is at most the limit, and where it ends: two graphs deep. */
function halving(limit: number): Model {
  const graph = createGraph();
  const x = graph.input("x", "float32", []);
  const bound = graph.constant("bound", float32Tensor([limit], []));
  const body = graph.subgraph("halve", (turn) => {
    turn.input("i", "int64", []);
    turn.input("goOn", "bool", []);
    const value = turn.input("x", "float32", []);
    const isLarge = turn.node("Greater", [value, bound]);
    const half = turn.subgraph("half", (then) =>
      then.output("x", then.node("Mul", [value, then.constant("half", float32Tensor([0.5], []))])),
    );
    const same = turn.subgraph("same", (otherwise) => otherwise.output("x", value));
    const next = turn.node("If", [isLarge], { attributes: { then_branch: half, else_branch: same } });
    turn.output("goOn", turn.node("Greater", [next, bound]));
    turn.output("x", next);
    turn.output("trace", next);
  });
  const [last, trace] = graph.nodes("Loop", [undefined, undefined, x], 2, { attributes: { body } });
  expect([last?.dims, trace?.dims]).toEqual([[], [undefined]]);
  graph.output("x_end", last!);
  graph.output("trace", trace!);
  return graph.build({ name: "halving" });
}

describe("in the engine", () => {
  test("Scan carries state and notes outputs", async () => {
    const results = await run(descent(), {
      w: floats([2], 0, 0),
      x: floats([3, 2], 1, 0, 0, 1, 1, 1),
      y: floats([3], 2, 4, 5),
    });
    // w: [0, 0] → [1, 0] → [1, 2] → error 3 − 5 = −2 → + 0.25 · 2 · 2 · [1, 1].
    expect(results).toEqual({ final: [2, 3], errors: [-2, -4, -2] });
  });

  test("Loop ends by its condition, and an If inside reaches two graphs out", async () => {
    expect(await run(halving(1), { x: floats([], 8) })).toEqual({ x_end: [1], trace: [4, 2, 1] });
    expect(await run(halving(9), { x: floats([], 8) })).toEqual({ x_end: [8], trace: [8] });
  });

  test("outer values keep their meaning when they become outputs of the same name as inner ones", async () => {
    const graph = createGraph();
    const x = graph.input("x", "float32", [2]);
    const outer = graph.node("Neg", [x]);
    const add = (name: string) =>
      graph.subgraph(name, (body) => {
        body.output("y", body.node("Add", [outer, body.constant("one", float32Tensor([1], []))]));
        body.output("outer", outer);
      });
    const condition = graph.node("Equal", [x, x]);
    const all = graph.node("ReduceMin", [condition], { attributes: { keepdims: 0 } });
    const [y, copy] = graph.nodes("If", [all], 2, {
      attributes: { then_branch: add("branch"), else_branch: add("branch") },
    });
    graph.output("y", outer);
    graph.output("branch/y", y!);
    graph.output("branch/outer", copy!);
    const model = graph.build({ name: "names" });
    expect(model).toEqual(graph.build({ name: "names" }));
    expect(await run(model, { x: floats([2], 1, 2) })).toEqual({
      y: [-1, -2],
      "branch/y": [0, -1],
      "branch/outer": [-1, -2],
    });
  });

  test("optional outputs that nothing reads are not computed", async () => {
    const graph = createGraph();
    const x = graph.input("x", "float32", ["length", "batch", 1]);
    const ones = (dims: number[]) => graph.constant("ones", float32Tensor(new Float32Array(4).fill(1), dims));
    const [, , cell] = graph.nodes("LSTM", [x, ones([1, 4, 1]), ones([1, 4, 1])], 3, {
      attributes: { hidden_size: 1 },
    });
    graph.output("cell", cell!);
    const model = graph.build({ name: "cell" });
    expect(model.graph.nodes[0]?.outputs).toEqual(["", "", "cell"]);
    expect((await run(model, { x: floats([1, 1, 1], 0) })).cell).toEqual([0]);
  });
});

describe("as a file", () => {
  test("is the same when written and read, and counts what lies inside", () => {
    for (const model of [descent(), halving(1)]) {
      const bytes = writeModel(model);
      const read = readModel(bytes);
      expect(read).toEqual(model);
      expect(checkModel(read)).toEqual([]);
      const { nodeCount, opCounts } = summarizeModel(model);
      expect(readMetadata(bytes)).toMatchObject({ nodeCount, opCounts });
    }
    expect(summarizeModel(descent())).toMatchObject({
      opCounts: { MatMul: 1, Mul: 3, Scan: 1, Sub: 2 },
      parameterCount: 2,
    });
    expect(readMetadata(writeModel(descent()))).toMatchObject({ initializerCount: 2, initializerBytes: 8 });
  });

  test("prints bodies below their node", () => {
    expect(printModel(halving(1)).split("\n\n").at(-1)).toBe(`# (top)
x_end: float32[], trace: float32[?] = Loop(_, _, x, body=halve)
  graph halve
    input  halve/i: int64[]
    input  halve/goOn: bool[]
    input  halve/x: float32[]
    output halve/goOn_2: bool[]
    output halve/x_2: float32[]
    output halve/trace: float32[]
    halve/greater: bool[] = Greater(halve/x, bound)
    halve/x_2: float32[] = If(halve/greater, then_branch=halve/half, else_branch=halve/same)
      graph halve/half
        output halve/half/x: float32[]
        const halve/half/half = float32[] {0.5}
        halve/half/x: float32[] = Mul(halve/x, halve/half/half)
      graph halve/same
        output halve/same/x: float32[]
        halve/same/x: float32[] = Identity(halve/x)
    halve/goOn_2: bool[] = Greater(halve/x_2, bound)
    halve/trace: float32[] = Identity(halve/x_2)
`);
  });

  test("weights that are no numbers are found inside", () => {
    const graph = createGraph();
    const nan = (name: string) =>
      graph.subgraph(name, (body) => body.output("y", body.constant("w", float32Tensor([1, Number.NaN]))));
    const attributes = { then_branch: nan("a"), else_branch: nan("b") };
    graph.output("y", graph.node("If", [graph.input("x", "bool", [])], { attributes }));
    expect(findNonFinite(graph.build({ name: "nan" }))).toEqual([
      { initializer: "a/w", count: 1, firstIndex: 1 },
      { initializer: "b/w", count: 1, firstIndex: 1 },
    ]);
  });
});

/** The model with its only body changed. */
function withBody(model: Model, change: (body: Graph) => Partial<Graph>): Model {
  const nodes = model.graph.nodes.map((node) => {
    const { body } = node.attributes;
    if (body?.type !== "graph") return node;
    const value = { ...body.value, ...change(body.value) };
    return { ...node, attributes: { ...node.attributes, body: { ...body, value } } };
  });
  return { ...model, graph: { ...model.graph, nodes } };
}

const where = "node scan (Scan): attribute body: ";
describe("the check", () => {
  test.each<[string, (body: Graph) => Partial<Graph>, string[]]>([
    [
      "a name of the outer graph given anew",
      ({ nodes }) => ({ nodes: [...nodes, { ...nodes[0]!, name: "again", outputs: ["rate"] }] }),
      [`${where}node again (MatMul): output rate is assigned twice`],
    ],
    [
      "an input that the outer graph computes only later",
      ({ nodes }) => ({ nodes: nodes.with(0, { ...nodes[0]!, inputs: ["final", "train/step/x"] }) }),
      [`${where}node train/step/matmul (MatMul): input final is computed only later`],
    ],
    [
      "an unused constant",
      ({ initializers }) => ({ initializers: new Map([...initializers, ["idle", float32Tensor([1])]]) }),
      [`${where}initializer idle is not used`],
    ],
    [
      "an output of another shape",
      ({ outputs }) => ({ outputs: outputs.with(0, { ...outputs[0]!, dims: [3] }) }),
      [
        `${where}output train/step/w_2 is declared [3], the graph gives [2]`,
        "node scan (Scan): the state train/step/w changes its shape: [2] is not [3]",
      ],
    ],
    [
      "data of other tools",
      () => ({ foreign: [{ kind: "initializer", name: "half", description: "float16[2]", byteLength: 4 }] }),
      [`${where}initializer half: float16[2] is not supported`],
    ],
  ])("%s", (_, change, issues) => {
    expect(checkModel(withBody(descent(), change))).toEqual(issues);
  });

  test("graphs that lie too deep are no file we read", () => {
    let graph = halving(1).graph;
    const [node] = graph.nodes;
    for (let depth = 0; depth < 20; depth++) {
      graph = { ...graph, nodes: [{ ...node!, attributes: { body: { type: "graph", value: graph } } }] };
    }
    const bytes = writeModel({ ...halving(1), graph });
    expect(() => readModel(bytes)).toThrow("graphs lie deeper than 16 in each other");
    expect(() => readMetadata(bytes)).toThrow("graphs lie deeper than 16 in each other");
  });
});

/** A Loop whose body is built by `build` after the inputs that every Loop has. */
function loop(graph: GraphBuilder, build: (body: GraphBuilder) => void, inputs: readonly number[] = []) {
  const body = graph.subgraph("body", (turn) => {
    turn.input("i", "int64", []);
    turn.input("goOn", "bool", []);
    build(turn);
  });
  const values = inputs.map((size) => graph.constant("c", float32Tensor(new Float32Array(size))));
  return graph.nodes("Loop", [undefined, undefined, ...values], 1, { attributes: { body } });
}

describe("while building", () => {
  test("values do not leave their body, bodies do not leave their graph", () => {
    const graph = createGraph();
    let inner: ReturnType<GraphBuilder["input"]> | undefined;
    let escaped: GraphBuilder | undefined;
    const body: Subgraph = graph.subgraph("body", (it) => {
      escaped = it;
      inner = it.input("x", "float32", []);
      it.output("y", inner);
      expect(issuesOf(() => it.build({ name: "alone" }))).toEqual([
        "a body is part of its model, it is not built alone",
      ]);
    });
    expect(issuesOf(() => graph.node("Neg", [inner!]))).toEqual(["input 0 (body/x) is not of this graph"]);
    expect(issuesOf(() => escaped!.node("Neg", [inner!]))).toEqual(["its body is finished"]);
    const other = createGraph();
    const attributes = { then_branch: body, else_branch: body };
    expect(issuesOf(() => other.node("If", [other.input("x", "bool", [])], { attributes }))).toEqual([
      "attribute then_branch is not a body made by this graph",
      "attribute else_branch is not a body made by this graph",
    ]);
    expect(issuesOf(() => graph.subgraph("nothing", () => undefined))).toEqual(["it has no outputs"]);
    expect(issuesOf(() => graph.node("Neg", [], { attributes: { body } }))).toEqual([
      "input 0 (X) is missing",
      "has no attribute body; it has none",
    ]);
  });

  test.each<[string, (body: GraphBuilder) => void, number[], string]>([
    [
      "too few inputs",
      (body) => body.output("goOn", body.constant("true", boolTensor([true], []))),
      [2],
      "body has 2 inputs, the node gives it 3",
    ],
    [
      "a condition that is none",
      (body) => {
        const x = body.input("x", "float32", [2]);
        body.output("goOn", x);
        body.output("x", x);
      },
      [2],
      "the first output of the body is float32, not bool",
    ],
    [
      "a value of another size",
      (body) => {
        const x = body.input("x", "float32", [2]);
        body.output("goOn", body.constant("true", boolTensor([true], [])));
        body.output("x", x);
      },
      [3],
      "input body/x of the body: [3] is not [2]",
    ],
    [
      "a value that changes its dtype",
      (body) => {
        const x = body.input("x", "float32", [2]);
        body.output("goOn", body.constant("true", boolTensor([true], [])));
        body.output("x", body.node("Cast", [x], { attributes: { to: "int64" } }));
      },
      [2],
      "output body/x_2 of the body is int64, but body/x is float32",
    ],
  ])("Loop refuses %s", (_, build, inputs, issue) => {
    expect(issuesOf(() => loop(createGraph(), build, inputs))).toContain(issue);
  });

  test("a value that grows as it goes round has an unknown size", () => {
    const [grown] = loop(
      createGraph(),
      (body) => {
        const x = body.input("x", "float32", [undefined]);
        body.output("goOn", body.constant("true", boolTensor([true], [])));
        body.output("x", body.node("Concat", [x, x], { attributes: { axis: 0 } }));
      },
      [2],
    );
    expect(grown?.dims).toEqual([undefined]);
  });

  test("scanned inputs must have as many slices", () => {
    const graph = createGraph();
    const body = graph.subgraph("body", (it) => {
      it.output("y", it.node("Add", [it.input("a", "float32", []), it.input("b", "float32", [])]));
    });
    const inputs = [2, 3].map((size) => graph.constant("c", float32Tensor(new Float32Array(size))));
    expect(issuesOf(() => graph.node("Scan", inputs, { attributes: { body, num_scan_inputs: 2 } }))).toEqual([
      "scanned inputs have 2 and 3 slices",
    ]);
    expect(
      issuesOf(() =>
        graph.node("Scan", inputs.slice(1), {
          attributes: { body, num_scan_inputs: 2, scan_input_axes: [0, 0] },
        }),
      ),
    ).toEqual(["num_scan_inputs is 2; the node has 1 inputs"]);
  });

  test("branches that differ give what both are", () => {
    const graph = createGraph();
    const branch = (size: number) =>
      graph.subgraph("branch", (body) =>
        body.output("y", body.constant("c", int64Tensor(new BigInt64Array(size), [1, size]))),
      );
    const attributes = { then_branch: branch(2), else_branch: branch(3) };
    expect(graph.node("If", [graph.input("x", "bool", [])], { attributes })).toMatchObject({
      dtype: "int64",
      dims: [1, undefined],
    });
  });
});
