/** How a defect is made: an answer that is another, or a request that is read as another. */
import { type Defect, type Handler, json, type Received, type Sent } from "../reference-server.ts";

export interface KnownDefect {
  readonly name: string;
  readonly defect: Defect;
  /** Default: the one of three inputs. */
  readonly model?: string;
  /** Ids of all cases that find it, in the order of the report. */
  readonly found: readonly string[];
}

export type Body = Record<string, unknown>;
export interface Output extends Body {
  readonly shape: readonly number[];
  readonly data?: readonly unknown[];
}

export const lengthHeader = "inference-header-content-length";
export const isInfer = ({ path }: Received) => path.endsWith("/infer");
export const isGet = (path: string) => (request: Received) =>
  request.method === "GET" && request.path === path;

/** Where `when` says, the answer is another. */
export function answers(
  when: (request: Received) => boolean,
  change: (sent: Sent, request: Received) => Sent | "hang up",
): Defect {
  return (next: Handler) => (request) => {
    const sent = next(request);
    return when(request) && sent !== "hang up" ? change(sent, request) : sent;
  };
}

/** The same with the JSON of an answer that is 200 and has no bytes behind it. */
export function json200(when: (request: Received) => boolean, change: (body: Body) => Body): Defect {
  return answers(when, (sent) => {
    const isPlain = sent.status === 200 && sent.headers["content-encoding"] === undefined;
    if (!isPlain || sent.headers[lengthHeader] !== undefined) return sent;
    return { ...sent, body: Buffer.from(JSON.stringify(change(JSON.parse(sent.body.toString())))) };
  });
}

/** Refusals become something else, where the request has what `when` looks for. */
export function refusals(
  when: (request: Received) => boolean,
  change: (sent: Sent) => Sent | "hang up",
): Defect {
  return answers(when, (sent) => (sent.status >= 400 ? change(sent) : sent));
}

/** The request is read as another. */
export function reads(change: (request: Received) => Received): Defect {
  return (next) => (request) => next(isInfer(request) ? change(request) : request);
}

/** The JSON of an infer request as far as it is some. */
export function messageOf({ headers, body }: Received): {
  readonly inputs?: readonly Output[];
  readonly [name: string]: unknown;
} {
  try {
    return JSON.parse(body.subarray(0, Number(headers[lengthHeader] ?? body.length)).toString()) ?? {};
  } catch {
    return {};
  }
}

/** A change of the plain JSON of infer requests, whatever it is. */
export function readsMessage(change: (message: Body) => Body): Defect {
  return reads((request) => {
    const message = messageOf(request);
    const isPlain = request.headers[lengthHeader] === undefined && !isDeep(request);
    if (!isPlain || !Array.isArray(message.inputs)) return request;
    return { ...request, body: Buffer.from(JSON.stringify(change(message))) };
  });
}

/** `JSON.stringify` cannot write it again. */
export const isDeep = ({ body }: Received) => body.includes("[[[[[[[[[[");
export const shapesOf = (request: Received) => {
  const { inputs } = messageOf(request);
  return Array.isArray(inputs) ? inputs.map(({ shape }) => JSON.stringify(shape)) : [];
};
export const outputsOf = (body: Body, change: (output: Output) => Body) => ({
  ...body,
  outputs: (body.outputs as Output[]).map(change),
});
export const withId = (request: Received) => messageOf(request).id !== undefined;
export const error = (status: number, message: string) => json(status, { error: message });
