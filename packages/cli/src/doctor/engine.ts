/** ONNX Runtime, by an answer: a model is built, loaded and run. */
import type { Check } from "./check.ts";

export const engineCheck: Check = {
  name: "onnxruntime-node",
  needed: "train, evaluate, verify, serve",
  async run() {
    // Imported here: a package that does not load is what this check is to find.
    const { createGraph, float32Tensor, writeModel } = await import("@attune/onnx");
    const { createNodeSession } = await import("@attune/runtime-node");
    const graph = createGraph();
    const x = graph.input("x", "float32", [1, 3]);
    const weights = graph.constant("weights", float32Tensor([1, 10, 100], [3, 1]));
    graph.output("y", graph.node("MatMul", [x, weights]));
    const session = await createNodeSession(writeModel(graph.build({ name: "doctor" })));
    try {
      const { y } = await session.run({ x: float32Tensor([3, 2, 1], [1, 3]) });
      if (y?.data[0] !== 123) throw new Error(`it answers ${y?.data[0]} where 123 is right; ${advice}`);
      return `${session.runtime.version} answers on ${process.platform} ${process.arch}`;
    } finally {
      await session.close();
    }
  },
};

const advice = "install the dependencies again, or report this machine";
