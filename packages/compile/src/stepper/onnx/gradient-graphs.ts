/** The graphs that give loss and gradients, in sessions of their own: the dense one, and the one for sparse batches. */
import type { Session, Tensor } from "@attune/contracts";
import { type Model, writeModel } from "@attune/onnx";
import type { SplitTraining } from "@attune/trace";
import type { OnnxStepperOptions } from "./options.ts";

export interface GradientGraph {
  gives(output: string): boolean;
  /** Takes what the graph needs of `available`, and writes where it can into what `targets` has of its outputs. */
  run(
    available: Readonly<Record<string, Tensor>>,
    targets: Readonly<Record<string, Tensor>>,
  ): Promise<Record<string, Tensor>>;
}

export interface GradientGraphs {
  readonly dense: GradientGraph;
  /** Opened when it is first asked for; only where the step has a sparse form. */
  sparse(): Promise<GradientGraph>;
  close(): Promise<void>;
}

/** @throws {AttuneError} what `createSession` throws; `sparse` does likewise. */
export async function openGraphs(
  { model, sparse }: SplitTraining,
  { createSession, threadCount }: OnnxStepperOptions,
): Promise<GradientGraphs> {
  const sessions: Session[] = [];
  const open = async (opened: Model) => {
    const session = await createSession(writeModel(opened), { threadCount });
    sessions.push(session);
    return createGraph(opened, session);
  };
  const dense = await open(model);
  let other: Promise<GradientGraph> | undefined;
  return {
    dense,
    sparse() {
      other ??= open(sparse?.model ?? model);
      return other;
    },
    async close() {
      await Promise.all(sessions.map((session) => session.close()));
    },
  };
}

function createGraph({ graph }: Model, session: Session): GradientGraph {
  const inputs = graph.inputs.map(({ name }) => name);
  const outputs = graph.outputs.map(({ name }) => name);
  const feeds: Record<string, Tensor> = {};
  let known: Readonly<Record<string, Tensor>> | undefined;
  let into: Record<string, Tensor> = {};
  return {
    gives: (output) => outputs.includes(output),
    run(available, targets) {
      for (const name of inputs) feeds[name] = available[name] as Tensor;
      if (targets !== known) {
        known = targets;
        into = {};
        for (const name of outputs) if (targets[name] !== undefined) into[name] = targets[name];
      }
      return session.run(feeds, outputs, { into });
    },
  };
}
