/** A thread for one artifact: reads it, holds it to its sha256 and checks the graph. What parsing leaves behind ends with it. */
import { parentPort, workerData } from "node:worker_threads";
import { isAttuneError } from "@attune/contracts";
import { artifactFiles } from "@attune/contracts/manifest";
import { assertModel, readModel } from "@attune/onnx";
import { type Artifact, readArtifact } from "@attune/runtime-node";
import type { VerifyReply } from "./verify.ts";

function reply(message: VerifyReply, transfer: readonly ArrayBuffer[] = []): void {
  parentPort!.postMessage(message, transfer);
}

/** With bytes that can be moved to another thread instead of being copied. */
function movable(artifact: Artifact): { readonly artifact: Artifact; readonly buffer: ArrayBuffer } {
  const { model } = artifact;
  const own = model.byteLength === model.buffer.byteLength ? model : model.slice();
  return { artifact: { ...artifact, model: own }, buffer: own.buffer as ArrayBuffer };
}

try {
  const { artifact, buffer } = movable(await readArtifact((workerData as { readonly dir: string }).dir));
  reply({ kind: "hashed", manifest: artifact.manifest });
  assertModel(readModel(artifact.model, { source: artifactFiles.model }), artifactFiles.model);
  reply({ kind: "checked", artifact }, [buffer]);
} catch (cause) {
  reply({ kind: "failed", error: isAttuneError(cause) ? cause.toJSON() : { message: String(cause) } });
}
