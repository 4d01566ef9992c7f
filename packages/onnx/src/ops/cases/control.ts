/** Cases of If, Loop and Scan, in every dtype that values may go round in. */
import type { GraphBuilder, Subgraph } from "../../builder.ts";
import type { Value } from "../../model.ts";
import { boolTensor } from "../../tensor.ts";
import { fed, fixed, makeTensor, type OpCase, type TypeBinding } from "./op-case.ts";

function branch(graph: GraphBuilder, { V = "float32" }: TypeBinding, values: readonly number[]): Subgraph {
  return graph.subgraph("branch", (body) => {
    body.output("value", body.constant("value", makeTensor(V, [2, 1], values)));
    body.output("count", body.constant("count", makeTensor("int64", [], [values.length])));
  });
}

/** A turn that hands its state on, and notes what it was given. */
function turn(
  graph: GraphBuilder,
  head: readonly Value["dtype"][],
  { V = "float32" }: TypeBinding,
): Subgraph {
  return graph.subgraph("turn", (body) => {
    const [, goOn] = head.map((dtype) => body.input(dtype, dtype, []));
    const state = body.input("state", V, [2]);
    if (goOn) body.output("goOn", goOn);
    const seen = goOn ? state : body.input("seen", V, [3]);
    body.output("state", state);
    body.output("seen", seen);
  });
}

const state = fed([2], [1, 2], "V");

export const controlCases: Readonly<Record<string, OpCase | readonly OpCase[]>> = {
  If: {
    inputs: [fed([], [1], "bool")],
    attributes: (types, graph) => ({
      then_branch: branch(graph, types, [1, 2]),
      else_branch: branch(graph, types, [3, 4]),
    }),
    outputCount: 2,
    expected: [1, 2],
  },
  Loop: [
    {
      inputs: [fixed([3], "int64", []), undefined, state],
      attributes: (types, graph) => ({ body: turn(graph, ["int64", "bool"], types) }),
      outputCount: 2,
      expected: [1, 2],
    },
    {
      inputs: [undefined, fed([], [1], "bool"), state],
      attributes: ({ V = "float32" }, graph) => ({
        body: graph.subgraph("once", (body) => {
          body.input("i", "int64", []);
          body.input("goOn", "bool", []);
          const value = body.input("state", V, [2]);
          body.output("goOn", body.constant("stop", boolTensor([false], [])));
          body.output("state", value);
        }),
      }),
      expected: [1, 2],
    },
  ],
  Scan: [
    {
      inputs: [state, fed([4, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], "V")],
      attributes: (types, graph) => ({ body: turn(graph, [], types), num_scan_inputs: 1 }),
      outputCount: 2,
      expected: [1, 2],
    },
    {
      inputs: [fed([3, 2], [1, 2, 3, 4, 5, 6], "V")],
      attributes: ({ V = "float32" }, graph) => ({
        num_scan_inputs: 1,
        scan_input_axes: [-1],
        scan_input_directions: [1],
        scan_output_axes: [1],
        scan_output_directions: [1],
        body: graph.subgraph("columns", (body) => body.output("column", body.input("column", V, [3]))),
      }),
      expected: [1, 2, 3, 4, 5, 6],
    },
  ],
};
