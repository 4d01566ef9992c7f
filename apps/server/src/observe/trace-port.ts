/** What a trace of a request is to the rest of the server. */
import type { IncomingHttpHeaders } from "node:http";

/** All that a span may say. Closed on purpose: nothing of a person, a history or an item has a place in it. */
export interface SpanFacts {
  readonly "attune.model"?: string;
  readonly "attune.version"?: number;
  readonly "attune.request_id"?: string;
  /** Requests in the body. */
  readonly "attune.requests"?: number;
  /** Requests that shared the run of the model. */
  readonly "attune.batch_size"?: number;
  /** The code of the error that was answered. */
  readonly "error.type"?: string;
}

/** One request, from its headers to its answer. */
export interface RequestSpan {
  /** 32 hexadecimal digits, for the log. */
  readonly traceId: string;
  /** The header for the answer, as W3C Trace Context has it. */
  readonly traceparent: string;
  /** A step that is over. Both times on the clock of `performance.now()`. */
  child(name: "queue" | "model", startMs: number, endMs: number, facts?: SpanFacts): void;
  /** Once, when the answer is sent or its connection is gone. */
  end(status: number, facts?: SpanFacts): void;
}

export interface Tracing {
  /**
   * Begins now. A valid `traceparent` among the headers is continued, and its sender's choice whether to record is kept;
   * anything else begins a trace.
   *
   * @param asked - the route's pattern, never the path a caller typed.
   */
  startRequest(
    headers: IncomingHttpHeaders,
    asked: { readonly method: string; readonly route: string; readonly scheme?: "http" | "https" },
  ): RequestSpan | undefined;
  /** Sends what is left, for `limitMs` at most. Never rejects. */
  close(limitMs: number): Promise<void>;
}

export interface TracingOptions {
  /** Where the collector is, such as `http://127.0.0.1:4318`: spans go to `/v1/traces` below it. */
  readonly endpoint: string;
  readonly serviceName: string;
  /** Part of the new traces that are recorded, from 0 to 1. Default 1. */
  readonly ratio?: number;
  /** Told when spans begin to be lost, and again after they got through in between. */
  readonly onFailure?: (cause: Error) => void;
}
