/** What an element does, without the DOM: loads once, answers at once, keeps only the newest answer. */
import type { HistoryEntry, RawValue, Recommendation, RecommendRequest, WireError } from "@attune/contracts";
import type { Lease, Pool } from "../artifact/create-pool.ts";
import type { LoadProgress, OpenArtifact } from "../artifact/open.ts";
import { toWireError } from "../artifact/wire-error.ts";
import { newestEntries } from "./history.ts";

/** What the element was asked. */
export interface Settings {
  /** Absolute address of the artifact folder; absent until it is known. */
  readonly artifact?: string;
  readonly history: readonly HistoryEntry[];
  readonly exclude: readonly string[];
  /** Absent or empty: the whole catalogue. */
  readonly allow?: readonly string[];
  /** User and context columns. */
  readonly features?: Features;
  readonly k: number;
}

export type Features = Readonly<Record<string, RawValue>>;

export type State =
  | { readonly phase: "waiting" }
  | { readonly phase: "loading"; readonly progress?: LoadProgress }
  | {
      readonly phase: "ready";
      readonly answer: Recommendation;
      readonly request: RecommendRequest;
      readonly elapsedMs: number;
      readonly artifact: OpenArtifact;
    }
  | { readonly phase: "failed"; readonly error: WireError };

export interface Controller {
  /** Takes new settings; several calls in one turn make one answer. */
  update(settings: Settings): void;
  /** Loads and answers from now on. */
  start(): void;
  /** Forgets its share of the artifact. `start` takes it up again. */
  stop(): void;
  /** After a failure: tries again. */
  retry(): void;
}

export interface ControllerOptions {
  readonly pool: Pool<OpenArtifact, LoadProgress>;
  /** Milliseconds from any origin. */
  readonly now: () => number;
  readonly onState: (state: State) => void;
}

/** A controller that is stopped and has no settings yet. */
export function createController({ pool, now, onState }: ControllerOptions): Controller {
  let settings: Settings = { history: [], exclude: [], k: 10 };
  let running = false;
  let lease: Lease<OpenArtifact> | undefined;
  let leased: string | undefined;
  /** Counts what was asked: an answer whose number is not the newest is dropped. */
  let asked = 0;
  let queued = false;
  /** The lease whose questions are being answered. */
  let busy: Lease<OpenArtifact> | undefined;

  function release(): void {
    lease?.release();
    lease = undefined;
    leased = undefined;
  }

  function take(artifact: string): void {
    release();
    leased = artifact;
    onState({ phase: "loading" });
    lease = pool.lease(artifact, (progress) => {
      if (leased === artifact) onState({ phase: "loading", progress });
    });
  }

  async function answer(held: Lease<OpenArtifact>): Promise<void> {
    const number = asked;
    const isNewest = () => running && number === asked && held === lease;
    try {
      const artifact = await held.value;
      if (!isNewest()) return;
      const request = toRequest(settings, artifact.limits);
      const started = now();
      const recommendation = await artifact.recommend(request);
      const elapsedMs = now() - started;
      if (isNewest()) onState({ phase: "ready", answer: recommendation, request, elapsedMs, artifact });
    } catch (cause) {
      if (isNewest()) onState({ phase: "failed", error: toWireError(cause) });
    }
  }

  /** One run at a time; what is asked meanwhile is answered after it, once. */
  async function drain(): Promise<void> {
    const held = lease;
    if (held === undefined || busy === held) return;
    busy = held;
    let done: number;
    do {
      done = asked;
      await answer(held);
    } while (done !== asked && held === lease);
    if (busy === held) busy = undefined;
  }

  function ask(): void {
    asked += 1;
    if (!running || queued) return;
    queued = true;
    queueMicrotask(() => {
      queued = false;
      if (!running) return;
      if (settings.artifact === undefined) release();
      else if (settings.artifact !== leased) take(settings.artifact);
      void drain();
    });
  }

  return {
    update(next) {
      settings = next;
      ask();
    },
    start() {
      if (running) return;
      running = true;
      ask();
    },
    stop() {
      running = false;
      asked += 1;
      release();
      onState({ phase: "waiting" });
    },
    retry() {
      // Whatever failed, a load or a run, is not asked again: a worker that ran out of memory stays broken.
      lease?.discard();
      release();
      ask();
    },
  };
}

function toRequest(
  { history, exclude, allow = [], features = {}, k }: Settings,
  limits: { readonly maxK: number; readonly maxHistory: number },
): RecommendRequest {
  return {
    history: [...newestEntries(history, limits.maxHistory)],
    ...(exclude.length > 0 && { exclude: [...exclude] }),
    ...(allow.length > 0 && { allow: [...allow] }),
    ...(Object.keys(features).length > 0 && { features: { ...features } }),
    k: Math.min(k, limits.maxK),
  };
}
