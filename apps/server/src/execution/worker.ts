/** A thread of the pool: sessions of its own, one order after the other. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parentPort } from "node:worker_threads";
import { AttuneError, isAttuneError, type TaskName } from "@attune/contracts";
import { type ArtifactManifest, artifactFiles } from "@attune/contracts/manifest";
import { type Answerer, createAnswerer } from "@attune/runtime";
import { createNodeSession } from "@attune/runtime-node";
import { type Execution, inlineExecution } from "./execution.ts";
import type { Order, Reply } from "./messages.ts";

const versions = new Map<number, Execution>();

async function open(dir: string, manifest: ArtifactManifest): Promise<Execution> {
  const name = artifactFiles.model;
  const model = await readFile(join(dir, name));
  const sha256 = createHash("sha256").update(model).digest("hex");
  const expected = manifest.files[name]!.sha256;
  if (sha256 !== expected) {
    throw new AttuneError("ARTIFACT_HASH", {
      dir,
      files: [`${name}: sha256 ${sha256}, expected ${expected}`],
    });
  }
  const session = await createNodeSession(model, { keepsMemory: false });
  const answerer: Answerer = createAnswerer<TaskName>(session, manifest);
  return inlineExecution(answerer);
}

async function obey(order: Order): Promise<Reply> {
  switch (order.kind) {
    case "open":
      versions.set(order.id, await open(order.dir, order.manifest));
      return { kind: "done", answers: [] };
    case "run":
      return { kind: "done", answers: await versions.get(order.id)!.run(order.requests) };
    case "close":
      await versions.get(order.id)?.close();
      versions.delete(order.id);
      return { kind: "done", answers: [] };
  }
}

async function answer(order: Order): Promise<void> {
  try {
    parentPort!.postMessage(await obey(order));
  } catch (cause) {
    const error = isAttuneError(cause) ? cause.toJSON() : { message: String(cause) };
    parentPort!.postMessage({ kind: "failed", error } satisfies Reply);
  }
}

// One after the other: the other side takes replies for orders in the order it gave them.
let last = Promise.resolve();
parentPort!.on("message", (order: Order) => {
  last = last.then(() => answer(order));
});
