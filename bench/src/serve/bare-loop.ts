/**
 * The peer: a child process that does nothing but `session.run`, one request a run, on feeds made beforehand.
 * Told `{ seconds }` by its parent, it answers `{ runsPerSecond }`.
 */
import { performance } from "node:perf_hooks";
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { MixedRequest } from "./request-mix.ts";

/** Parent to child, first. */
export interface BareStart {
  readonly modelPath: string;
  readonly requests: readonly MixedRequest[];
}
/** Parent to child, any number of times. */
export interface BareOrder {
  readonly seconds: number;
}
export type BareReply = { readonly ready: true } | { readonly runsPerSecond: number };

function toFeeds({ history, k }: MixedRequest): Record<string, Tensor> {
  return {
    history: new Tensor("string", [...history], [1, history.length]),
    history_weight: new Tensor("float32", new Float32Array(history.length).fill(1), [1, history.length]),
    exclude: new Tensor("string", [], [1, 0]),
    allow: new Tensor("string", [], [1, 0]),
    k: new Tensor("int64", BigInt64Array.of(BigInt(k)), [1]),
  };
}

async function measure(
  session: InferenceSession,
  feeds: readonly Record<string, Tensor>[],
  seconds: number,
): Promise<number> {
  const start = performance.now();
  const end = start + seconds * 1000;
  let runs = 0;
  let now = start;
  while (now < end) {
    await session.run(feeds[runs % feeds.length]!);
    runs++;
    now = performance.now();
  }
  return (runs / (now - start)) * 1000;
}

async function start({ modelPath, requests }: BareStart): Promise<void> {
  // The options of @attune/runtime-node: one thread, so that both sides have the same engine.
  const session = await InferenceSession.create(modelPath, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const feeds = requests.map(toFeeds);
  await measure(session, feeds, 1);
  process.on("message", async ({ seconds }: BareOrder) => {
    reply({ runsPerSecond: await measure(session, feeds, seconds) });
  });
  reply({ ready: true });
}

function reply(message: BareReply): void {
  process.send!(message);
}

process.once("message", (message) => void start(message as BareStart));
