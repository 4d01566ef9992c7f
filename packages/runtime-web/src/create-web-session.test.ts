// The whole path of the page, in Node: messages over a MessageChannel, the real handlers and the real engine behind it.
import { sessionConformance } from "@attune/testkit";
import { createWebSession } from "./create-web-session.ts";
import { channelWorker } from "./fixtures/channel-worker.ts";

sessionConformance("onnxruntime-web behind the protocol", (modelBytes) =>
  createWebSession({ modelBytes, createWorker: () => channelWorker() }),
);
