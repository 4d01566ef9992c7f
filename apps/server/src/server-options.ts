/** What a server is made with. Every default is the one of `attune-server`'s flags. */
import type { AccessOptions } from "./access/access.ts";
import type { Tls } from "./http/front.ts";
import type { ServerLogger } from "./observe/log.ts";

export interface ServerOptions extends AccessOptions {
  /** A folder with manifest.json and model.onnx. Either this or `modelsDir`. */
  readonly artifactDir?: string | undefined;
  /** A repository: `<name>/<version>/` folders of artifacts, and aliases.json. */
  readonly modelsDir?: string | undefined;
  /** The alias or model that answers when a request names none. Default: the alias champion, else the only model. */
  readonly defaultModel?: string | undefined;
  /** The built demo page for models that recommend; absent, or with other models, `/` is a plain page. */
  readonly assetsDir?: string | undefined;
  /** Default `"127.0.0.1"`: only this machine. `"0.0.0.0"` for all interfaces. */
  readonly host?: string | undefined;
  /** Default 8080; 0 for any free port. */
  readonly port?: number | undefined;
  /** Where metrics and the repository are. Default `"127.0.0.1"`. */
  readonly adminHost?: string | undefined;
  /** Default: the port after `port`, or any free one when that is 0. `"off"`: no metrics, no repository. */
  readonly adminPort?: number | "off" | undefined;
  /** Default: none. A pino logger fits. */
  readonly logger?: ServerLogger | undefined;
  /** Where an OpenTelemetry collector is, such as `http://127.0.0.1:4318`. Absent: no traces, and nothing is loaded for them. */
  readonly otlpEndpoint?: string | undefined;
  readonly tls?: Tls | undefined;
  /** Largest body in bytes, default 1 MiB. */
  readonly bodyLimit?: number | undefined;
  /** A request that would wait longer for the model is refused with 503. Milliseconds, default 200. */
  readonly maxQueueMs?: number | undefined;
  /** Bytes of bodies and answers held at once, default 64 MiB. */
  readonly maxInFlightBytes?: number | undefined;
  /** A request's time when it names none in `x-request-timeout-ms`. Milliseconds, default 5,000. */
  readonly requestTimeoutMs?: number | undefined;
  /** A request, headers and body, must have arrived by then, or its connection is closed. Milliseconds, default 30,000. */
  readonly receiveTimeoutMs?: number | undefined;
  /** Sum of k over the requests of one body, default 10,000. */
  readonly maxSlateItems?: number | undefined;
  /** `"auto"` (default): by the model's measured cost. 0: always in the event loop. Otherwise in so many threads. */
  readonly workers?: number | "auto" | undefined;
  /** How long `close()` answers everything but `/readyz` as before, so that nothing is sent here any more. Default 0. */
  readonly drainDelayMs?: number | undefined;
  /** How long `close()` waits for requests under way after that, in milliseconds; default 10,000. */
  readonly drainMs?: number | undefined;
}
