/** What the routes know of the models that are served: names in, leases out. */
import type { RequestCheck } from "@attune/runtime";
import type { AnyAnswer, AnyRequest } from "../execution/any-request.ts";
import type { Execution } from "../execution/execution.ts";
import type { LoadedModel } from "../model/load-model.ts";
import type { CostModel } from "../queue/cost.ts";
import type { Runner } from "../queue/lane.ts";
import type { VersionStatistics } from "../statistics/version-statistics.ts";

/** A version that passed every step of readiness. */
export interface ServedVersion extends LoadedModel {
  /** The name of its folder in the repository; with a single artifact, the manifest's name. */
  readonly name: string;
  /** An integer of at least 1. */
  readonly version: number;
  /** Appends one line per problem of a request to `issues`. */
  readonly check: RequestCheck;
  readonly cost: CostModel;
  readonly execution: Execution;
  /** What the lanes run it by. */
  readonly runner: Runner<AnyRequest, AnyAnswer>;
  /** What it has done since it was loaded. */
  readonly statistics: VersionStatistics;
  /** Frees its session and its files. */
  close(): Promise<void>;
}

/** Keeps a version open for one request. */
export interface Lease<Version = ServedVersion> {
  readonly version: Version;
  /** What the caller asked for led here through this alias. */
  readonly alias?: string;
  /** To be called when the answer is made; twice is fine. A version that was replaced closes with its last lease. */
  release(): void;
}

export interface LeaseOptions {
  /** One version of a model, instead of the one its name leads to; of an alias, one of those it leads to. */
  readonly version?: number | undefined;
  /**
   * Decides between the versions of an alias that splits traffic: the same key always gets the same one. Without a key,
   * the one with the largest share.
   */
  readonly key?: string | undefined;
}

/** `ready` answers; `loading` is on its way; `unavailable` was refused, and `reason` says why; `retiring` ends with its last lease. */
export type VersionState = "ready" | "loading" | "unavailable" | "retiring";

/** One version of one model, for the repository index and the metrics. */
export interface VersionStatus {
  readonly name: string;
  readonly version: number;
  readonly state: VersionState;
  /** An error code and a sentence without paths; empty when it is ready. */
  readonly reason: string;
  readonly aliases: readonly string[];
}

/** What a reload did. Versions are written `movies/4`. */
export interface ReloadReport {
  readonly loaded: readonly string[];
  /** Nothing leads to them any more; they close with their last lease. */
  readonly retired: readonly string[];
  /** `movies/4: ARTIFACT_HASH: …`: what was left as it was, and why, without paths. */
  readonly refused: readonly string[];
}

export interface Models<Version = ServedVersion> {
  /**
   * A model's own name leads to the version that the alias champion gives most to, else to the one with the largest share
   * of any alias, else to the highest.
   *
   * @param reference - an alias or a model's name; absent: the default.
   * @throws {AttuneError} `SERVER_MODEL_UNKNOWN` (404) when nothing has that name or version, `SERVER_NOT_READY` (503)
   * until the first load is done, `SERVER_MODEL_UNAVAILABLE` (503) for what is being loaded, was unloaded or refused.
   */
  lease(reference?: string, options?: LeaseOptions): Lease<Version>;
  /** Without a lease: what the default leads to now, for pages and metadata; undefined until it is ready. */
  current(): Version | undefined;
  /** A loaded version by the sha256 of its model.onnx. */
  bySha256(sha256: string): Version | undefined;
  /** By name, then version. */
  list(): readonly VersionStatus[];
  /** Reads the alias file and the folder again; loads, proves and swaps. Calls that overlap join. Never rejects. */
  reload(): Promise<ReloadReport>;
  /**
   * Loads a version (default: the highest complete one) and keeps it until it is unloaded.
   *
   * @throws {AttuneError} `SERVER_MODEL_UNKNOWN`; what is wrong with the version; `SERVER_SWAP` when the callers of its
   * model would break. The ones in place stay.
   */
  load(name: string, version?: number): Promise<void>;
  /**
   * Lets go of a model (or one version); reloads leave it alone until it is loaded again or an alias leads to it.
   *
   * @throws {AttuneError} `SERVER_MODEL_UNKNOWN`; `SERVER_MODEL_ALIASED` (409) when an alias leads to it.
   */
  unload(name: string, version?: number): Promise<void>;
  /** Waits for a load under way and for the leases, then closes every session. Twice is fine. */
  close(): Promise<void>;
}
