/** The scoring server: HTTP in, scores out. Layer 4, Node; nothing imports it but the CLI. */

// Server
export { createServer, type Server, type ServerOptions } from "./create-server.ts";
// Failures
export type { FailureBody } from "./failures/failure.ts";
// Logging
export { type ServerLogger, silentLogger } from "./observe/log.ts";
