import { type AttuneError, isAttuneError } from "@attune/contracts";
import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import type { GraphBuilder } from "./builder.ts";
import { createGraph } from "./create-graph.ts";
import { inlineGraph } from "./inline-graph.ts";
import type { Model } from "./model.ts";
import { writeModel } from "./proto/write-model.ts";
import { float32Tensor } from "./tensor.ts";

async function run(model: Model, feeds: Record<string, OrtTensor>): Promise<Record<string, number[]>> {
  const session = await InferenceSession.create(writeModel(model), { intraOpNumThreads: 1 });
  const results = await session.run(feeds);
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, { data }]) => [name, Array.from(data as Float32Array)]),
  );
}

const floats = (dims: readonly number[], ...values: number[]) =>
  new OrtTensor("float32", Float32Array.from(values), dims);

/** One step: the state moves halfway to the largest of a batch. Has a body, an unused output and an attribute. */
function step(): Model {
  const graph = createGraph();
  const state = graph.input("state", "float32", []);
  const batch = graph.input("batch", "float32", ["n"]);
  const [values] = graph.nodes(
    "TopK",
    [batch, graph.constant("k", { dtype: "int64", dims: [1], data: BigInt64Array.of(1n) })],
    2,
  );
  const largest = graph.node("Squeeze", [values!]);
  const half = graph.scope("half").constant("half", float32Tensor([0.5], []));
  const move = (name: string) =>
    graph.subgraph(name, (body) => {
      const way = body.node("Mul", [body.node("Sub", [largest, state]), half]);
      body.output("moved", body.node("Add", [state, way]));
    });
  const stay = graph.subgraph("stay", (body) => body.output("moved", state));
  const isNew = graph.node("Not", [graph.node("Equal", [largest, state])]);
  const attributes = { then_branch: move("go"), else_branch: stay };
  graph.output("next", graph.node("If", [isNew], { attributes }), []);
  graph.output("largest", largest, []);
  return graph.build({ name: "step" });
}

test("steps one after the other, and steps in one call, are the same", async () => {
  const one = step();
  const batches = [
    [1, 4],
    [8, 0],
    [5, 5],
  ];
  let state = [0];
  const largest: number[] = [];
  for (const batch of batches) {
    const results = await run(one, { state: floats([], ...state), batch: floats([2], ...batch) });
    state = results.next ?? [];
    largest.push(...(results.largest ?? []));
  }
  const graph = createGraph();
  const start = graph.input("state", "float32", []);
  const all = graph.input("batches", "float32", ["steps", "n"]);
  const body = graph.subgraph("steps", (turn) => {
    const inputs = {
      state: turn.input("state", "float32", []),
      batch: turn.input("batch", "float32", ["n"]),
    };
    for (const [name, value] of Object.entries(inlineGraph(turn, one.graph, inputs)))
      turn.output(name, value, []);
  });
  const [next, seen] = graph.nodes("Scan", [start, all], 2, { attributes: { body, num_scan_inputs: 1 } });
  graph.output("next", next!);
  graph.output("largest", seen!);
  const feeds = { state: floats([], 0), batches: floats([3, 2], ...batches.flat()) };
  expect(await run(graph.build({ name: "steps" }), feeds)).toEqual({ next: state, largest });
  expect(state).toEqual([5]);
});

test("under a scope, names stay readable and constants are shared", () => {
  const graph = createGraph();
  const state = graph.input("state", "float32", []);
  const batch = graph.input("batch", "float32", [3]);
  const first = inlineGraph(graph.scope("a"), step().graph, { state, batch });
  const second = inlineGraph(graph.scope("b"), step().graph, { state: first.next!, batch });
  graph.output("y", second.next!);
  const model = graph.build({ name: "twice" });
  expect(model.graph.nodes.filter(({ op }) => op === "If").map(({ name }) => name)).toEqual(["a/if", "b/if"]);
  expect([...model.graph.initializers.keys()]).toEqual(["a/k", "a/half/half"]);
});

test.each<[string, (graph: GraphBuilder) => unknown, readonly string[]]>([
  [
    "inputs that are missing or do not fit",
    (graph) => inlineGraph(graph, step().graph, { state: graph.input("s", "int64", [2]) }),
    ["input state is int64, not float32", "input state: [2] is not []", "input batch is missing"],
  ],
  [
    "an op that the opset does not have",
    (graph) => {
      const gelu = createGraph();
      gelu.output("y", gelu.node("Gelu", [gelu.input("x", "float32", [])]));
      return inlineGraph(graph, gelu.build({ name: "gelu" }).graph, { x: graph.input("x", "float32", []) });
    },
    ["not in opset 19"],
  ],
  [
    "parts of other tools",
    (graph) =>
      inlineGraph(
        graph,
        {
          name: "foreign",
          nodes: [],
          inputs: [],
          outputs: [],
          initializers: new Map(),
          foreign: [{ kind: "initializer", name: "half", description: "float16[4]", byteLength: 8 }],
        },
        {},
      ),
    ["initializer half is float16[4], which is not supported"],
  ],
])("refuses %s", (_, act, issues) => {
  try {
    act(createGraph({ opset: 19 }));
  } catch (error) {
    if (!isAttuneError(error, "ONNX_BUILD")) throw error;
    expect((error as AttuneError<"ONNX_BUILD">).details.issues).toEqual(issues);
    return;
  }
  throw new Error("nothing was thrown");
});
