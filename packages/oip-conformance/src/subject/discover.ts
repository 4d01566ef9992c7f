/** Finds out what the server has: extensions, models, and a request that each model answers. */
import type { HttpRequest, Reply } from "../http/http-request.ts";
import { jsonMessage, readJson } from "../protocol/infer-message.ts";
import { flatten, type InferRequest, type InferResponse, type ModelMetadata } from "../protocol/tensor.ts";
import { fitsSchema } from "../schemas/check-schema.ts";
import { type GoodRequest, type Model, modelPath, type TriedRequest } from "./facts.ts";
import { makeRequest, recipes } from "./make-request.ts";

export type Send = (request: HttpRequest) => Promise<Reply>;

export interface ServerMetadata {
  readonly name: string;
  readonly version: string;
  readonly extensions: readonly string[];
}

/** Undefined where neither path gives it. */
export async function readServerMetadata(send: Send): Promise<ServerMetadata | undefined> {
  for (const path of ["/v2", "/v2/"]) {
    const value = await getJson(send, path);
    if (fitsSchema("metadata_server_response", value)) return value as ServerMetadata;
  }
  return undefined;
}

/** Names that KServe's list has, else those of the repository's index that are ready. */
export async function listModels(send: Send, hasAdmin: boolean): Promise<readonly string[]> {
  const list = await getJson(send, "/v2/models");
  if (fitsSchema("list_models_response", list)) return (list as { models: string[] }).models;
  const addresses = hasAdmin ? (["server", "admin"] as const) : (["server"] as const);
  for (const to of addresses) {
    const request = { method: "POST", path: "/v2/repository/index", to, ...jsonMessage({ ready: true }) };
    const index = jsonOf(await send(request));
    if (!fitsSchema("repository_index_response", index)) continue;
    const ready = (index as { name: string; state?: string }[]).filter(
      ({ state }) => state === undefined || state === "READY",
    );
    return [...new Set(ready.map(({ name }) => name))];
  }
  return [];
}

export async function readModel(send: Send, name: string, version: string | undefined): Promise<Model> {
  const path = modelPath(name, version);
  const metadata = await getJson(send, path);
  return {
    name,
    path,
    unversionedPath: modelPath(name),
    ...(version !== undefined && { version }),
    ...(fitsSchema("metadata_model_response", metadata) && { metadata: metadata as ModelMetadata }),
  };
}

/** A good request, or why there is none. */
export type Sought =
  | { readonly kind: "found"; readonly good: GoodRequest }
  | { readonly kind: "missing"; readonly why: string; readonly tried?: TriedRequest };

/** @param given - a request that is known to succeed. */
export async function findGoodRequest(
  send: Send,
  model: Model,
  given: InferRequest | undefined,
): Promise<Sought> {
  if (given !== undefined) return tryRequest(send, model, { request: withFlatData(given), source: "given" });
  const inputs = model.metadata?.inputs;
  if (inputs === undefined) {
    const why = `the metadata of ${model.name} has no inputs to make a request from; give --request FILE`;
    return { kind: "missing", why };
  }
  let last: Sought = {
    kind: "missing",
    why: `an input of ${model.name} has a datatype that JSON cannot carry; give --request FILE`,
  };
  for (const recipe of recipes) {
    const request = makeRequest(inputs, recipe);
    if (request === undefined) return last;
    last = await tryRequest(send, model, { request, source: "generated" });
    if (last.kind === "found") return last;
  }
  return last;
}

async function tryRequest(send: Send, { name, path }: Model, tried: TriedRequest): Promise<Sought> {
  const request: HttpRequest = { method: "POST", path: `${path}/infer`, ...jsonMessage(tried.request) };
  const reply = await send(request);
  const isGiven = tried.source === "given";
  const who = isGiven ? "the given request" : "a request made from its metadata";
  const next = isGiven ? "give one that it answers" : "give --request FILE";
  const missing = (why: string): Sought => ({ kind: "missing", why, tried });
  if (reply.kind === "silence") return missing(`${name} gave no answer to ${who}: ${reply.problem}`);
  const { status } = reply.answer;
  const response = jsonOf(reply);
  if (status !== 200) {
    const said = (response as { error?: unknown } | undefined)?.error;
    const reason = typeof said === "string" ? `: ${said.slice(0, 300)}` : "";
    return missing(`${name} refused ${who} with ${status}${reason}; ${next}`);
  }
  if (!hasOutputs(response)) return missing(`${name} answered ${who} without outputs that can be read`);
  const again = jsonOf(await send(request));
  const isSteady = hasOutputs(again) && JSON.stringify(again.outputs) === JSON.stringify(response.outputs);
  return { kind: "found", good: { ...tried, response, isSteady } };
}

/** Enough to go on with; whether it is all that the protocol asks for is a case's question. */
function hasOutputs(response: unknown): response is InferResponse {
  const outputs = (response as { outputs?: unknown } | undefined)?.outputs;
  return Array.isArray(outputs) && outputs.every((one) => fitsSchema("response_output", one));
}

function withFlatData(request: InferRequest): InferRequest {
  const inputs = request.inputs.map((input) => ({ ...input, data: flatten(input.data ?? []) }));
  return { ...request, inputs };
}

async function getJson(send: Send, path: string): Promise<unknown> {
  return jsonOf(await send({ method: "GET", path }));
}

function jsonOf(reply: Reply): unknown {
  return reply.kind === "answer" ? readJson(reply.answer) : undefined;
}
