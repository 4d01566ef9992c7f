/** Reads and checks an artifact in a thread of its own: hashing and parsing a model take long, and leave much behind. */
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { WireError } from "@attune/contracts";
import type { ArtifactManifest } from "@attune/contracts/manifest";
import type { Artifact } from "@attune/runtime-node";
import { revive } from "../failures/revive.ts";

/** What the thread says, in this order. */
export type VerifyReply =
  | { readonly kind: "hashed"; readonly manifest: ArtifactManifest }
  | { readonly kind: "checked"; readonly artifact: Artifact }
  | { readonly kind: "failed"; readonly error: WireError | { readonly message: string } };

export interface Verification {
  /** Every file is the one that the manifest promises. */
  readonly hashed: Promise<ArtifactManifest>;
  /** The graph is valid. */
  readonly checked: Promise<Artifact>;
}

/** Both promises reject with what went wrong first: all of `readArtifact`, `ONNX_PARSE`, `ONNX_INVALID`. */
export function verifyInThread(dir: string): Verification {
  const hashed = defer<ArtifactManifest>();
  const checked = defer<Artifact>();
  // Whoever waits for one of them only must not be ended by the other.
  hashed.promise.catch(() => {});
  checked.promise.catch(() => {});

  function fail(cause: unknown): void {
    hashed.reject(cause);
    checked.reject(cause);
  }

  // From source it is TypeScript, as this file is; built, both are JavaScript.
  const url = new URL(`./verify-worker${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(url, { workerData: { dir } });
  worker.on("message", (reply: VerifyReply) => {
    if (reply.kind === "hashed") hashed.resolve(reply.manifest);
    else if (reply.kind === "checked") checked.resolve(reply.artifact);
    else fail(revive(reply.error));
  });
  worker.on("error", fail);
  // Without effect after "checked".
  worker.on("exit", (code) =>
    fail(new Error(`the thread that checks an artifact ended with exit code ${code}`)),
  );
  return { hashed: hashed.promise, checked: checked.promise };
}

interface Deferred<Value> {
  readonly promise: Promise<Value>;
  resolve(value: Value): void;
  reject(cause: unknown): void;
}

function defer<Value>(): Deferred<Value> {
  let settle: Omit<Deferred<Value>, "promise"> | undefined;
  const promise = new Promise<Value>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle! };
}
