/** What Triton's model repository extension asks: which versions there are, and to load and unload models. */
import { AttuneError, httpStatus, isAttuneError } from "@attune/contracts";
import type { FastifyRequest } from "fastify";
import { parseJsonBody } from "../http/json/parse-body.ts";
import type { Models, VersionState } from "../models/models.ts";
import { publicReason } from "../models/public-reason.ts";
import { type Parameters, readParameter, readParameters } from "./request/parameters.ts";
import { invalid, isRecord } from "./request/problems.ts";

const states: Readonly<Record<VersionState, string>> = {
  ready: "READY",
  loading: "LOADING",
  unavailable: "UNAVAILABLE",
  retiring: "UNLOADING",
};

/** An empty body is an empty object. @throws {AttuneError} `SERVER_BODY_INVALID`, `REQUEST_INVALID`. */
function readBody({ body }: FastifyRequest): Readonly<Record<string, unknown>> {
  if (!(body instanceof Buffer) || body.length === 0) return {};
  const value = parseJsonBody(body);
  if (isRecord(value)) return value;
  throw invalid(["(root): expected an object"]);
}

/** Every version that is known, or with `{ "ready": true }` those that answer. */
export function readIndex(request: FastifyRequest, models: Models) {
  const { ready } = readBody(request);
  if (ready !== undefined && typeof ready !== "boolean") throw invalid(["ready: expected true or false"]);
  return models
    .list()
    .filter(({ state }) => ready !== true || state === "ready")
    .map(({ name, version, state, reason }) => ({
      name,
      version: String(version),
      state: states[state],
      reason,
    }));
}

/** What a repository call names: a model, and one version of it where `parameters.version` says so. */
export interface RepositoryTarget {
  readonly name: string;
  readonly version?: number;
}

/** @throws {AttuneError} `REQUEST_INVALID`: also for parameters that would replace the model's files or configuration. */
export function readTarget(request: FastifyRequest): RepositoryTarget {
  const { model: name } = request.params as { readonly model: string };
  const issues: string[] = [];
  const parameters = readParameters(readBody(request).parameters, "parameters", issues);
  refuseOverrides(parameters, issues);
  const version = readParameter(
    parameters,
    "version",
    { path: "parameters", expected: "an integer from 1, as a number or a text", fits: isVersion },
    issues,
  );
  if (issues.length > 0) throw invalid(issues);
  return { name, ...(version !== undefined && { version: Number(version) }) };
}

function refuseOverrides(parameters: Parameters, issues: string[]): void {
  for (const name of Object.keys(parameters)) {
    if (name === "config" || name.startsWith("file:")) {
      issues.push(`parameters: ${name.slice(0, 60)}: models are loaded as they lie in the repository`);
    }
  }
}

const isVersion = (value: unknown): value is number | string =>
  /^[1-9][0-9]{0,14}$/.test(String(value)) && (typeof value === "number" || typeof value === "string");

/**
 * Loads a model; what is in place stays where it fails.
 *
 * @throws {AttuneError} `SERVER_MODEL_NOT_LOADED` with the reason when the artifact is at fault; those of `Models.load`.
 */
export async function loadTarget({ name, version }: RepositoryTarget, models: Models): Promise<void> {
  try {
    await models.load(name, version);
  } catch (cause) {
    if (!isAttuneError(cause) || httpStatus(cause.code) !== 500) throw cause;
    throw new AttuneError("SERVER_MODEL_NOT_LOADED", { model: name, reason: publicReason(cause) }, { cause });
  }
}
