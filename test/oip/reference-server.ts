/** A server that does all of it right, small enough to be read: two identity models over real HTTP. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync, gzipSync } from "node:zlib";
import {
  models,
  outputName,
  Refusal,
  type RequestInput,
  readInput,
  version,
  writeBlob,
} from "./identity-model.ts";

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Sent {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** `hang up` closes the connection without a word. */
export type Handler = (request: Received) => Sent | "hang up";
/** Puts something between the server and its clients. */
export type Defect = (next: Handler) => Handler;

const lengthHeader = "inference-header-content-length";

export function json(status: number, value: unknown): Sent {
  return {
    status,
    headers: { "content-type": "application/json" },
    body: Buffer.from(JSON.stringify(value)),
  };
}

export async function startReferenceServer(defect: Defect = (next) => next) {
  const handle = defect(createHandler());
  const server = createServer((incoming, outgoing) => {
    const parts: Buffer[] = [];
    incoming.on("data", (part) => parts.push(part));
    incoming.on("end", () => {
      const { method = "", url: path = "", headers } = incoming;
      const sent = handle({
        method,
        path,
        headers: headers as Received["headers"],
        body: Buffer.concat(parts),
      });
      if (sent === "hang up") incoming.socket.destroy();
      else outgoing.writeHead(sent.status, sent.headers).end(sent.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}

function createHandler(): Handler {
  const counts = new Map([...models.keys()].map((name) => [name, 0]));
  return (request) => {
    try {
      const sent = route(request, counts);
      if (!/\bgzip\b/.test(request.headers["accept-encoding"] ?? "")) return sent;
      return { ...sent, headers: { ...sent.headers, "content-encoding": "gzip" }, body: gzipSync(sent.body) };
    } catch (cause) {
      if (cause instanceof Refusal) return json(cause.status, { error: cause.message });
      throw cause;
    }
  };
}

function route(request: Received, counts: Map<string, number>): Sent {
  const { method, path } = request;
  const names = [...models.keys()];
  const call = `${method} ${path}`;
  if (call === "GET /v2/health/live") return json(200, { live: true });
  if (call === "GET /v2/health/ready") return json(200, { live: true, ready: true });
  if (call === "GET /v2/models") return json(200, { models: names });
  if (call === "GET /v2/models/stats")
    return json(200, { model_stats: names.map((name) => statsOf(name, counts)) });
  if (call === "GET /v2" || call === "GET /v2/") return json(200, serverMetadata);
  if (call === "POST /v2/repository/index") {
    return json(
      200,
      names.map((name) => ({ name, version, state: "READY", reason: "" })),
    );
  }
  const parts = /^\/v2\/(?:repository\/)?models\/([^/]+)(?:\/versions\/([^/]+))?(?:\/(\w+))?$/.exec(path);
  if (parts === null) throw new Refusal("no such path", 404);
  const [, name = "", asked = version, action = "metadata"] = parts;
  const tensors = models.get(name);
  if (tensors === undefined || asked !== version) throw new Refusal("no such model or version", 404);
  const wanted = ["infer", "load", "unload"].includes(action) ? "POST" : "GET";
  if (method !== wanted) throw new Refusal(`use ${wanted}`, 405);
  switch (action) {
    case "metadata": {
      const outputs = tensors.map((one) => ({ ...one, name: outputName(one.name) }));
      return json(200, { name, versions: [version], platform: "identity_v1", inputs: tensors, outputs });
    }
    case "ready":
      return json(200, { name, ready: true });
    case "config":
      return json(200, { name, max_batch_size: 0 });
    case "stats":
      return json(200, { model_stats: [statsOf(name, counts)] });
    case "load":
      return json(200, {});
    case "infer": {
      const sent = infer(name, request);
      counts.set(name, counts.get(name)! + 1);
      return sent;
    }
    default:
      throw new Refusal("no such path", 404);
  }
}

const serverMetadata = {
  name: "reference",
  version: "1.0.0",
  extensions: [
    "binary_tensor_data",
    "model_configuration",
    "statistics",
    "model_repository(unload_dependents)",
  ],
};

function statsOf(name: string, counts: ReadonlyMap<string, number>) {
  const none = { count: 0, ns: 0 };
  const times = {
    success: none,
    fail: none,
    queue: none,
    compute_input: none,
    compute_infer: none,
    compute_output: none,
  };
  const count = counts.get(name)!;
  const of = { name, version, last_inference: 0, inference_count: count, execution_count: count };
  return { ...of, inference_stats: times, batch_stats: [] };
}

interface Message {
  readonly id?: unknown;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly inputs?: readonly (RequestInput & { readonly parameters?: Readonly<Record<string, unknown>> })[];
  readonly outputs?: readonly {
    readonly name?: unknown;
    readonly parameters?: Readonly<Record<string, unknown>>;
  }[];
}

function infer(name: string, received: Received): Sent {
  const tensors = models.get(name)!;
  const { message, rest } = readMessage(name, received);
  const { id, parameters = {}, inputs = [] } = message;
  const all: Message["outputs"] = tensors.map((one) => ({ name: outputName(one.name) }));
  const outputs = message.outputs ?? all;
  let at = 0;
  const values = new Map<string, readonly unknown[]>();
  const shapes = new Map<string, readonly number[]>();
  for (const input of inputs) {
    const spec = tensors.find((one) => one.name === input.name);
    if (spec === undefined || values.has(outputName(spec.name)))
      throw new Refusal("an input is unknown or twice there");
    const size = input.parameters?.binary_data_size;
    if (
      size !== undefined &&
      !(Number.isSafeInteger(size) && (size as number) >= 0 && at + (size as number) <= rest.length)
    ) {
      throw new Refusal("binary_data_size is not that of bytes in the body");
    }
    const blob = size === undefined ? undefined : rest.subarray(at, at + (size as number));
    at += blob?.length ?? 0;
    values.set(outputName(spec.name), readInput(spec, input, blob));
    shapes.set(outputName(spec.name), input.shape as number[]);
  }
  if (at !== rest.length) throw new Refusal("the body has bytes of no input");
  if (values.size !== tensors.length) throw new Refusal("an input is missing");
  const blobs: Buffer[] = [];
  const written = outputs.map(({ name: output, parameters: own = {} }, index) => {
    const spec = tensors.find((one) => outputName(one.name) === output);
    const isTwice = outputs.findIndex((one) => one.name === output) !== index;
    if (spec === undefined || isTwice) throw new Refusal("an output is unknown or twice there");
    const tensor = { name: output, datatype: spec.datatype, shape: shapes.get(output as string)! };
    const data = values.get(output as string)!;
    if ((own.binary_data ?? parameters.binary_data_output) !== true) return { ...tensor, data };
    const blob = writeBlob(spec.datatype, data);
    blobs.push(blob);
    return { ...tensor, parameters: { binary_data_size: blob.length } };
  });
  const sent = json(200, {
    model_name: name,
    model_version: version,
    ...(id !== undefined && { id }),
    outputs: written,
  });
  if (blobs.length === 0) return sent;
  const headers = { "content-type": "application/octet-stream", [lengthHeader]: String(sent.body.length) };
  return { status: 200, headers, body: Buffer.concat([sent.body, ...blobs]) };
}

/** The JSON, once its outer form is right, and the bytes behind it. */
function readMessage(name: string, { headers, body: sent }: Received): { message: Message; rest: Buffer } {
  const body = headers["content-encoding"] === "gzip" ? readable(() => gunzipSync(sent)) : sent;
  const header = headers[lengthHeader];
  if (header !== undefined && !(/^\d{1,15}$/.test(header) && Number(header) <= body.length)) {
    throw new Refusal("the length of the JSON is not one within the body");
  }
  const length = Number(header ?? body.length);
  if (length === 0 && header !== undefined) return rawMessage(name, body);
  const text = readable(() => new TextDecoder("utf-8", { fatal: true }).decode(body.subarray(0, length)));
  const message = readable(() => JSON.parse(text)) as Message | null;
  const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
  const isAllObjects = (list: unknown) => Array.isArray(list) && list.every(isObject);
  if (!isObject(message) || !isAllObjects(message!.inputs)) throw new Refusal("inputs are missing");
  const { id, parameters, outputs } = message!;
  if (id !== undefined && typeof id !== "string") throw new Refusal("the id is no text");
  if (parameters !== undefined && !isObject(parameters)) throw new Refusal("the parameters are no object");
  if (outputs !== undefined && !isAllObjects(outputs)) throw new Refusal("the outputs are no list");
  return { message: message!, rest: body.subarray(length) };
}

function rawMessage(name: string, body: Buffer): { message: Message; rest: Buffer } {
  const [input, ...others] = models.get(name)!;
  if (others.length > 0) throw new Refusal("a raw body is for a model of one input");
  const shape = input!.shape.map((dim) => Math.abs(dim));
  const one = {
    name: input!.name,
    datatype: input!.datatype,
    shape,
    parameters: { binary_data_size: body.length },
  };
  return { message: { parameters: { binary_data_output: true }, inputs: [one] }, rest: body };
}

function readable<Value>(read: () => Value): Value {
  try {
    return read();
  } catch {
    throw new Refusal("the body cannot be read");
  }
}
