/** An engine behind HTTP: one request of the mix is one POST. */
import { BenchError } from "../../bench.ts";
import type { MixedRequest } from "../../request-mix.ts";
import type { Load } from "../load/load.ts";
import type { RunningEngine, ServedModel, Slate } from "./engine.ts";

/** How a request and its answer look on the wire. */
export interface Protocol {
  readonly path: string;
  encode(request: MixedRequest): string;
  decode(answer: string): Slate;
}

interface HttpProcess {
  readonly pid: number;
  readonly url: string;
  readonly versions: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export function httpEngine(
  { pid, url, versions, stop }: HttpProcess,
  { path, encode, decode }: Protocol,
  { requests }: ServedModel,
  load: Load,
): RunningEngine {
  const bodies = requests.map(encode);
  return {
    pid,
    versions,
    async ask(request) {
      const reply = await fetch(`${url}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: encode(request),
      });
      const text = await reply.text();
      if (reply.ok) return decode(text);
      throw new BenchError(`${path} answered ${reply.status}: ${text.slice(0, 300)}`);
    },
    measure: (seconds) => load.run({ port: Number(new URL(url).port), path, bodies, seconds }),
    stop,
  };
}

/** `POST /v1/recommend`, ours and what the FastAPI peer copies. */
export const recommendProtocol: Protocol = {
  path: "/v1/recommend",
  encode: (request) => JSON.stringify(request),
  decode: (answer) => JSON.parse(answer) as Slate,
};

/** Open Inference Protocol v2 in JSON, with the inputs of docs/artifact.md. */
export function inferProtocol(modelName: string): Protocol {
  return {
    path: `/v2/models/${modelName}/infer`,
    encode({ history, k }) {
      const weights = history.map(() => 1);
      return JSON.stringify({
        inputs: [
          { name: "history", datatype: "BYTES", shape: [1, history.length], data: history },
          { name: "history_weight", datatype: "FP32", shape: [1, history.length], data: weights },
          { name: "exclude", datatype: "BYTES", shape: [1, 0], data: [] },
          { name: "allow", datatype: "BYTES", shape: [1, 0], data: [] },
          { name: "k", datatype: "INT64", shape: [1], data: [k] },
        ],
      });
    },
    decode(answer) {
      const { outputs } = JSON.parse(answer) as {
        outputs: readonly { readonly name: string; readonly data: readonly (string | number)[] }[];
      };
      const data = new Map(outputs.map((output) => [output.name, output.data]));
      const items = data.get("items") as readonly string[];
      // Where there are no more items the graph pads.
      const ids = items.filter((id) => id !== "");
      return {
        ids,
        scores: (data.get("scores") as readonly number[]).slice(0, ids.length),
        source: data.get("source")![0] as string,
        unknown: data.get("unknown")![0] as number,
      };
    },
  };
}
