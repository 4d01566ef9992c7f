/** The model and version in the path of a `/v2` route, and a lease on it. */
import { AttuneError } from "@attune/contracts";
import { modelNamePattern } from "@attune/contracts/manifest";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Models, ServedVersion } from "../models/models.ts";
import type { OipContext } from "./oip-context.ts";

export interface AskedModel {
  /** An alias or a model's name. */
  readonly name: string;
  readonly version?: number;
}

/** Versions are integers from 1, written without leading zeros. */
const versionPattern = /^[1-9][0-9]{0,14}$/;

/** @throws {AttuneError} `SERVER_MODEL_UNKNOWN` for a name or version that none can have; it is not repeated then. */
export function askedModel({ params }: FastifyRequest, models: Models): AskedModel {
  const { model: name, version } = params as { readonly model: string; readonly version?: string };
  if (!modelNamePattern.test(name) && !models.list().some((one) => one.name === name)) {
    throw new AttuneError("SERVER_MODEL_UNKNOWN", { model: "of that name" });
  }
  if (version === undefined) return { name };
  if (versionPattern.test(version)) return { name, version: Number(version) };
  throw new AttuneError("SERVER_MODEL_UNKNOWN", { model: `${name} of that version` });
}

/**
 * Keeps the version open for as long as `work` takes.
 *
 * @param key - decides between the versions of an alias that splits traffic; absent: the one with the largest share.
 * @throws {AttuneError} those of `Models.lease`.
 */
export async function withModel<Result>(
  { name, version }: AskedModel,
  key: string | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
  { models }: Pick<OipContext, "models">,
  work: (version: ServedVersion) => Result | Promise<Result>,
): Promise<Result> {
  const lease = models.lease(name, { version, key });
  request.servedBy = lease.version;
  reply.header("x-attune-model", `${lease.version.name}/${lease.version.version}`);
  try {
    return await work(lease.version);
  } finally {
    lease.release();
  }
}

/** As `/v1` has it: without a key, each question is its own. */
export function routingKeyOf({ headers, id }: FastifyRequest): string {
  const key = headers["x-routing-key"] ?? id;
  if (typeof key === "string" && key.length >= 1 && key.length <= 256) return key;
  throw new AttuneError("SERVER_HEADER_INVALID", { issues: ["x-routing-key: expected 1 to 256 characters"] });
}

/** Versions of a model that answer, ascending. */
export function readyVersions(models: Models, name: string): readonly number[] {
  return models
    .list()
    .filter((one) => one.name === name && one.state === "ready")
    .map(({ version }) => version)
    .toSorted((a, b) => a - b);
}
