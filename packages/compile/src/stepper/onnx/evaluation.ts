/** The graph that measures a batch on the present state. */
import type { Session, Tensor } from "@attune/contracts";
import { type Model, writeModel } from "@attune/onnx";
import { checkLoss, traceEvaluation } from "@attune/trace";
import type { TrainingProblem } from "../../problem.ts";
import { type Numbers, numbersOf } from "../../tensors.ts";
import type { OnnxStepperOptions } from "./options.ts";

/** Traced when it is first asked for. */
export function createEvaluation(
  problem: TrainingProblem,
  { createSession, threadCount }: OnnxStepperOptions,
) {
  let opened: Promise<{ session: Session; model: Model }> | undefined;
  async function open() {
    const model = traceEvaluation({
      name: `evaluation of ${problem.name}`,
      compute: (batch) => {
        const { loss, metrics } = checkLoss(problem.evaluate(batch), problem.name);
        return { loss, ...metrics };
      },
      signature: problem.signature,
      variables: { ...problem.variables, ...problem.state },
    });
    return { model, session: await createSession(writeModel(model), { threadCount }) };
  }
  return {
    async run(tensors: Readonly<Record<string, Tensor>>): Promise<Numbers> {
      opened ??= open();
      const { session, model } = await opened;
      const feeds = Object.fromEntries(model.graph.inputs.map(({ name }) => [name, tensors[name] as Tensor]));
      const results = await session.run(feeds);
      return numbersOf(Object.keys(results), results);
    },
    async close() {
      // An evaluation that could not be opened has told so to whoever asked for it.
      const evaluation = await opened?.catch(() => undefined);
      await evaluation?.session.close();
    },
  };
}
