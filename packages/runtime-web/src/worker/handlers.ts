/** What the worker does for each method of the protocol. One worker holds one session. */
import { AttuneError, type CreateSession, type Session } from "@attune/contracts";
import type { Handlers } from "../protocol.ts";
import { loadModel } from "./load-model.ts";
import type { ModelCache } from "./model-cache.ts";

/** What the handlers need from the place they run in. */
export interface WorkerEnvironment {
  readonly cache: ModelCache | undefined;
  /** Resolves when the engine can take a model. */
  startEngine(wasmUrl: string | undefined): Promise<CreateSession>;
}

/** The handlers of one worker. */
export function createHandlers({ cache, startEngine }: WorkerEnvironment): Handlers {
  let session: Session | undefined;
  return {
    async load({ model, wasmUrl }, report) {
      // The engine's wasm and the model arrive at the same time; the engine sees the model when its hash holds.
      const starting = startEngine(wasmUrl);
      const [bytes, createSession] = await Promise.all([loadModel(model, cache, report), starting]);
      session = await createSession(bytes);
      const { inputs, outputs, runtime } = session;
      return { inputs, outputs, runtime };
    },
    async run({ feeds, fetches }) {
      if (session === undefined) throw new AttuneError("RUNTIME_CLOSED", { what: "the worker's session" });
      return session.run(feeds, fetches);
    },
  };
}
