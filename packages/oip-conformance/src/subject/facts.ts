/** What is known of the server under test: the cases' requests are made from it. */
import type { InferRequest, InferResponse, ModelMetadata } from "../protocol/tensor.ts";

export interface ServerFacts {
  /** As `GET /v2` lists them; empty where it cannot be read. */
  readonly extensions: readonly string[];
  /** Whether there is an address for loading and unloading. */
  readonly hasAdmin: boolean;
}

export interface ModelFacts extends ServerFacts {
  readonly model: Model;
  /** The request that was tried first to last; absent where none can be made. */
  readonly tried?: TriedRequest;
}

export interface InferFacts extends ModelFacts {
  readonly good: GoodRequest;
}

export interface Model {
  readonly name: string;
  /** `/v2/models/NAME`, with the version where one was asked for. */
  readonly path: string;
  /** `/v2/models/NAME` */
  readonly unversionedPath: string;
  /** The version that was asked for. */
  readonly version?: string;
  /** Absent where it cannot be read. */
  readonly metadata?: ModelMetadata;
}

export interface TriedRequest {
  /** Every input has `data`, flat. */
  readonly request: InferRequest;
  readonly source: "given" | "generated";
}

/** A request that the model has answered, and what it answered. */
export interface GoodRequest extends TriedRequest {
  readonly response: InferResponse;
  /** Asked again it gave the same values. Where it did not, the values of other answers say nothing. */
  readonly isSteady: boolean;
}

/** A name that no server has a model of. */
export const unknownName = "oip-conformance-no-such-model";
/** Digits, as some servers route nothing else. */
export const unknownVersion = "987654321";

export function modelPath(name: string, version?: string): string {
  const path = `/v2/models/${encodeURIComponent(name)}`;
  return version === undefined ? path : `${path}/versions/${encodeURIComponent(version)}`;
}
