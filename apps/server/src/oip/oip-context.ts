/** What the routes of the Open Inference Protocol are given: what all routes have, and what their own error bodies need. */
import type { ServerLogger } from "../observe/log.ts";
import type { RouteContext } from "../routes/route-context.ts";

export interface OipContext extends RouteContext {
  /** Largest body in bytes, compressed or not. */
  readonly bodyLimit: number;
  readonly logger: ServerLogger;
}
