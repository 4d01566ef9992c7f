/** What the worker does for each method of the protocol. One worker holds one session. */
import { AttuneError, type Session } from "@attune/contracts";
import type { Handlers } from "../protocol.ts";
import { loadModel } from "./load-model.ts";
import type { ModelCache } from "./model-cache.ts";

/** What the handlers need from the place they run in. */
export interface WorkerEnvironment {
  readonly cache: ModelCache | undefined;
  loadEngine(bytes: Uint8Array, wasmUrl: string | undefined): Promise<Session>;
}

/** The handlers of one worker. */
export function createHandlers({ cache, loadEngine }: WorkerEnvironment): Handlers {
  let session: Session | undefined;
  return {
    async load({ model, wasmUrl }, report) {
      session = await loadEngine(await loadModel(model, cache, report), wasmUrl);
      const { inputs, outputs, runtime } = session;
      return { inputs, outputs, runtime };
    },
    async run({ feeds, fetches }) {
      if (session === undefined) throw new AttuneError("RUNTIME_CLOSED", { what: "the worker's session" });
      return session.run(feeds, fetches);
    },
  };
}
