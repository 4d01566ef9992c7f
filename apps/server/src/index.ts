/** The scoring server: HTTP in, scores out. Layer 4, Node; nothing imports it but the CLI. */

// An older Node is refused before anything else loads.
import "@attune/store/require-node";

// Access
export type { AccessKey } from "./access/access-key.ts";
export type { KeyGroup } from "./access/key-group.ts";
export { parseKeys } from "./access/parse-keys.ts";
export { readKeys } from "./access/read-keys.ts";
// Server
export { createServer, type Server } from "./create-server.ts";
// Failures
export type { FailureBody } from "./failures/failure.ts";
// Logging
export { type ServerLogger, silentLogger } from "./observe/log.ts";
export type { ServerOptions } from "./server-options.ts";
