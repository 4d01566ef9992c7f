/**
 * The bare engine's process: nothing but `session.run`, one request a run, on feeds made beforehand.
 * It is started as plain JavaScript: what strips types would be counted as its memory.
 */
import { performance } from "node:perf_hooks";
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { MixedRequest } from "../../request-mix.ts";
import type { BareOrder, BareReply } from "./bare-protocol.ts";

type Feeds = Record<string, Tensor>;

function toFeeds({ history, k }: MixedRequest): Feeds {
  return {
    history: new Tensor("string", [...history], [1, history.length]),
    history_weight: new Tensor("float32", new Float32Array(history.length).fill(1), [1, history.length]),
    exclude: new Tensor("string", [], [1, 0]),
    allow: new Tensor("string", [], [1, 0]),
    k: new Tensor("int64", BigInt64Array.of(BigInt(k)), [1]),
  };
}

// Threads as in @attune/runtime-node and in the peers, so that all have the same engine.
const options = { intraOpNumThreads: 1, interOpNumThreads: 1 };
const session = await InferenceSession.create(process.argv[1]!, options);
const mix: Feeds[] = [];

async function ask(request: MixedRequest): Promise<BareReply> {
  const { items, scores, source, unknown } = await session.run(toFeeds(request));
  const ids = (items!.data as readonly string[]).filter((id) => id !== "");
  return {
    ids,
    scores: Array.from(scores!.data as Float32Array).slice(0, ids.length),
    source: String(source!.data[0]),
    unknown: Number(unknown!.data[0]),
  };
}

async function measure(seconds: number): Promise<BareReply> {
  const times: number[] = [];
  const start = performance.now();
  const end = start + seconds * 1000;
  let now = start;
  while (now < end) {
    await session.run(mix[times.length % mix.length]!);
    const done = performance.now();
    times.push(done - now);
    now = done;
  }
  const sorted = Float64Array.from(times).sort();
  const at = (share: number) => sorted[Math.floor(share * sorted.length)]!;
  return { answers: times.length, seconds: (now - start) / 1000, p50Ms: at(0.5), p99Ms: at(0.99) };
}

process.on("message", async (order: BareOrder) => {
  if ("requests" in order) {
    mix.push(...order.requests.map(toFeeds));
    process.send!({ ready: true } satisfies BareReply);
  } else process.send!("seconds" in order ? await measure(order.seconds) : await ask(order.request));
});
process.send!({ ready: true } satisfies BareReply);
