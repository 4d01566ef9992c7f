/** What an engine is: something that answers the requests of the mix, over HTTP or in a loop of its own. */
import type { ArtifactManifest } from "@attune/contracts/manifest";
import type { MixedRequest } from "../../request-mix.ts";
import type { Load } from "../load/load.ts";
import type { LoadReport } from "../load/protocol.ts";

/** A model and what it is asked. */
export interface ServedModel {
  readonly artifactDir: string;
  /** Of its model.onnx. */
  readonly path: string;
  readonly manifest: ArtifactManifest<"recommend">;
  readonly requests: readonly MixedRequest[];
}

/** What came back, whatever the protocol. */
export interface Slate {
  readonly ids: readonly string[];
  readonly scores: readonly number[];
  readonly source: string;
  readonly unknown: number;
}

export interface RunningEngine {
  readonly pid: number;
  readonly versions: Readonly<Record<string, string>>;
  /** The answer to a request of the mix. */
  ask(request: MixedRequest): Promise<Slate>;
  /** The whole mix, over and over. */
  measure(seconds: number): Promise<LoadReport>;
  stop(): Promise<void>;
}

export interface ServeEngine {
  readonly name: string;
  readonly summary: string;
  /** The ways in which it can answer, of which the fastest is measured. One of no name where there is no choice. */
  readonly forms: readonly string[];
  /** What to do when it is absent. */
  readonly install?: string;
  /** @throws {EngineAbsent} when it does not start. */
  start(model: ServedModel, load: Load, form: string): Promise<RunningEngine>;
}
