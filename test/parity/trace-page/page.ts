/** Runs traced graphs inside the browser: the test calls `runGraphs` through `page.evaluate`. */
import type { Tensor } from "@attune/contracts";
import { startEngine } from "../../../packages/runtime-web/src/worker/start-engine.ts";
import type { PlainTensor } from "../../../packages/trace/src/fixtures/plain-tensor.ts";

export interface WebCase {
  readonly name: string;
  /** Where the ONNX file is. */
  readonly url: string;
  /** Inputs by name, one record a run. */
  readonly runs: readonly Readonly<Record<string, PlainTensor>>[];
}

/** Outputs in the graph's order, one list a run; or why there are none. */
export type WebResult = { readonly runs: readonly (readonly PlainTensor[])[] } | { readonly error: string };

export interface TracePage {
  runGraphs(cases: readonly WebCase[]): Promise<Record<string, WebResult>>;
}

const engine = startEngine(undefined);

async function runGraphs(cases: readonly WebCase[]): Promise<Record<string, WebResult>> {
  const results: Record<string, WebResult> = {};
  for (const webCase of cases)
    results[webCase.name] = await runGraph(webCase).catch((cause) => ({ error: String(cause) }));
  return results;
}

async function runGraph({ url, runs }: WebCase): Promise<WebResult> {
  const createSession = await engine;
  const session = await createSession(new Uint8Array(await (await fetch(url)).arrayBuffer()));
  try {
    const outputs: PlainTensor[][] = [];
    for (const inputs of runs) {
      const feeds = Object.fromEntries(
        Object.entries(inputs).map(([name, tensor]) => [name, toTensor(tensor)]),
      );
      const result = await session.run(feeds);
      outputs.push(session.outputs.map(({ name }) => toPlain(result[name]!)));
    }
    return { runs: outputs };
  } finally {
    await session.close();
  }
}

function toTensor({ dtype, dims, data }: PlainTensor): Tensor {
  if (dtype === "int32") return { dtype, dims, data: Int32Array.from(data) };
  if (dtype === "bool") return { dtype, dims, data: Uint8Array.from(data) };
  return { dtype, dims, data: Float32Array.from(data) };
}

function toPlain({ dtype, dims, data }: Tensor): PlainTensor {
  return { dtype: dtype as PlainTensor["dtype"], dims, data: Array.from(data, Number) };
}

const tracePage: TracePage = { runGraphs };

Object.assign(globalThis, { tracePage });
