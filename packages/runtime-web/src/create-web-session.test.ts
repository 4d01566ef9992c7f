// The whole path of the page, in Node: messages over a MessageChannel, the real handlers and the real engine behind it.
import { isAttuneError } from "@attune/contracts";
import { float32, sessionConformance, strings, sumModel } from "@attune/testkit";
import { expect, test } from "vitest";
import { createWebSession } from "./create-web-session.ts";
import { channelWorker } from "./fixtures/channel-worker.ts";
import type { SessionWorker } from "./spawn-worker.ts";

sessionConformance("onnxruntime-web behind the protocol", (modelBytes) =>
  createWebSession({ modelBytes, createWorker: () => channelWorker() }),
);

test("a worker that cannot be made is RUNTIME_LOAD with the reason", async () => {
  const createWorker = () => {
    throw new DOMException("blocked by policy", "SecurityError");
  };
  const error = await createWebSession({ modelBytes: sumModel.bytes, createWorker }).catch((e: unknown) => e);
  if (!isAttuneError(error, "RUNTIME_LOAD")) throw error;
  expect(error.message).toContain("blocked by policy");
});

test("a worker whose script does not load is RUNTIME_LOAD, and it is ended", async () => {
  let isEnded = false;
  const createWorker = (): SessionWorker => ({
    postMessage() {},
    addEventListener(type: string, listener: (event: never) => void) {
      // A script that does not load gives an error event without a message.
      if (type === "error") setImmediate(() => listener({} as never));
    },
    terminate() {
      isEnded = true;
    },
  });
  const error = await createWebSession({ modelBytes: sumModel.bytes, createWorker }).catch((e: unknown) => e);
  if (!isAttuneError(error, "RUNTIME_LOAD")) throw error;
  expect(error.message).toContain("its script did not load");
  expect(isEnded).toBe(true);
});

test("a small view of a large buffer crosses alone", async () => {
  const sizes: number[] = [];
  const createWorker = (): SessionWorker => {
    const worker = channelWorker();
    return {
      ...worker,
      postMessage(message) {
        const { input } = message as { input: { feeds?: Record<string, { data: Float32Array }> } };
        if (input.feeds !== undefined) sizes.push(input.feeds.a!.data.buffer.byteLength);
        worker.postMessage(message);
      },
    };
  };
  const session = await createWebSession({ modelBytes: sumModel.bytes, createWorker });
  const large = new Float32Array(1_000_000);
  await session.run({
    a: { dtype: "float32", dims: [1, 2], data: large.subarray(10, 12) },
    b: float32([1, 2], [1, 2]),
    label: strings(["x"]),
  });
  await session.close();
  expect(sizes).toEqual([8]);
});
