/** The scoring server: HTTP in, scores out. Layer 4, Node; nothing imports it but the CLI. */

// An older Node is refused before anything else loads.
import "@attune/store/require-node";

// Server
export { createServer, type Server, type ServerOptions } from "./create-server.ts";
// Failures
export type { FailureBody } from "./failures/failure.ts";
// Logging
export { type ServerLogger, silentLogger } from "./observe/log.ts";
