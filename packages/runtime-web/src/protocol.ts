/** The typed boundary between the page and the worker: what may be asked, and errors that leave as data. */

import type { RuntimeInfo, Tensor, ValueInfo } from "@attune/contracts";
import { AttuneError, type ErrorCode, errorMessages, isAttuneError, type WireError } from "@attune/contracts";

/** Bytes of the model that have arrived. */
export interface ModelProgress {
  readonly loadedBytes: number;
  /** Absent when neither the caller nor the server says how long the file is. */
  readonly totalBytes?: number;
}

/** Where the worker gets the model from. */
export type ModelSource =
  | { readonly url: string; readonly sha256: string; readonly sizeBytes?: number; readonly cache: boolean }
  | { readonly bytes: Uint8Array; readonly sha256?: string };

/** Everything the page may ask of the worker. Adding a method is a compile error until the worker handles it. */
interface SessionProtocol {
  load: {
    in: { readonly model: ModelSource; readonly wasmUrl?: string };
    out: {
      readonly inputs: readonly ValueInfo[];
      readonly outputs: readonly ValueInfo[];
      readonly runtime: RuntimeInfo;
    };
  };
  run: {
    in: { readonly feeds: Readonly<Record<string, Tensor>>; readonly fetches: readonly string[] };
    out: Record<string, Tensor>;
  };
}

type Method = keyof SessionProtocol;
/** One function per method; `report` sends progress of this call to the page. */
export type Handlers = {
  [M in Method]: (
    input: SessionProtocol[M]["in"],
    report: (progress: ModelProgress) => void,
  ) => Promise<SessionProtocol[M]["out"]>;
};

type Request = { [M in Method]: { id: number; method: M; input: SessionProtocol[M]["in"] } }[Method];
type PlainError = WireError | { readonly name: string; readonly message: string };
type Reply =
  | { id: number; kind: "progress"; progress: ModelProgress }
  | { id: number; kind: "output"; output: unknown }
  | { id: number; kind: "error"; error: PlainError };

/** As much of a `Worker`, a worker's `self` or a `MessagePort` as the protocol needs. */
export interface Port {
  postMessage(message: unknown): void;
  addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
}

/** Worker side. Errors leave as data, so the page sees the same `code` the worker threw. */
export function serve(port: Port, handlers: Handlers): void {
  const reply = (message: Reply) => port.postMessage(message);
  port.addEventListener("message", async ({ data }) => {
    const { id, method, input } = data as Request;
    try {
      const report = (progress: ModelProgress) => reply({ id, kind: "progress", progress });
      reply({ id, kind: "output", output: await handlers[method](input as never, report) });
    } catch (cause) {
      reply({ id, kind: "error", error: toPlainError(cause) });
    }
  });
}

/** Page side of the protocol. */
export interface Connection {
  call<M extends Method>(
    method: M,
    input: SessionProtocol[M]["in"],
    onProgress?: (progress: ModelProgress) => void,
  ): Promise<SessionProtocol[M]["out"]>;
  /** Rejects every call under way and every later one: the other side is gone. */
  fail(error: Error): void;
}

interface PendingCall {
  resolve(output: unknown): void;
  reject(error: Error): void;
  readonly onProgress: ((progress: ModelProgress) => void) | undefined;
}

/** Page side. Messages are copied, never transferred: the caller's buffers stay the caller's. */
export function connect(port: Port): Connection {
  const pending = new Map<number, PendingCall>();
  let nextId = 0;
  let failure: Error | undefined;
  port.addEventListener("message", ({ data }) => {
    const reply = data as Reply;
    const call = pending.get(reply.id);
    if (call === undefined) return;
    if (reply.kind === "progress") {
      call.onProgress?.(reply.progress);
      return;
    }
    pending.delete(reply.id);
    if (reply.kind === "output") call.resolve(reply.output);
    else call.reject(fromPlainError(reply.error));
  });
  return {
    call(method, input, onProgress) {
      if (failure !== undefined) return Promise.reject(failure);
      const id = nextId++;
      return new Promise((resolve, reject) => {
        // First, so that a message that cannot be cloned leaves nothing pending.
        port.postMessage({ id, method, input });
        pending.set(id, { resolve: resolve as (output: unknown) => void, reject, onProgress });
      });
    },
    fail(error) {
      failure ??= error;
      for (const call of pending.values()) call.reject(failure);
      pending.clear();
    },
  };
}

function toPlainError(cause: unknown): PlainError {
  if (isAttuneError(cause)) return cause.toJSON();
  return cause instanceof Error
    ? { name: cause.name, message: cause.message }
    : { name: "Error", message: String(cause) };
}

function fromPlainError(error: PlainError): Error {
  if ("code" in error && Object.hasOwn(errorMessages, error.code)) {
    return new AttuneError(error.code as ErrorCode, error.details as never);
  }
  return Object.assign(new Error(error.message), error);
}
