/** Every option of the server. Flags, environment, files, help and docs are read from here. */
import { hostNameOf, isOrigin } from "../access/names.ts";
import type { OptionDefinitions, OptionValues } from "./option.ts";

const longestMs = 600_000;

const milliseconds = (range: readonly [number, number], value: number) =>
  ({ kind: "integer", placeholder: "MS", range, default: value }) as const;

const port = [0, 65_535] as const;

export const serverOptions = {
  artifact: {
    kind: "path",
    placeholder: "DIR",
    description: "serve the artifact in this folder, with manifest.json and model.onnx",
  },
  models: {
    kind: "path",
    placeholder: "DIR",
    description: "serve a repository instead: folders NAME/VERSION/ of artifacts, and aliases.json",
  },
  defaultModel: {
    kind: "text",
    placeholder: "NAME",
    description:
      "the alias or model that answers when a request names none (default: the alias champion, else the only model)",
  },
  host: {
    kind: "text",
    placeholder: "HOST",
    description: "address for callers; 0.0.0.0 for all of this machine",
    default: "127.0.0.1",
    check: checkHost,
  },
  port: {
    kind: "integer",
    placeholder: "N",
    description: "port for callers; 0 for any free one",
    default: 8080,
    range: port,
  },
  adminHost: {
    kind: "text",
    placeholder: "HOST",
    description: "address for operators: metrics, and loading of versions",
    default: "127.0.0.1",
    check: checkHost,
  },
  adminPort: {
    kind: "integer",
    placeholder: "N|off",
    description:
      "port for operators; off for none (default: the one after --port, or any free one when that is 0)",
    range: port,
    words: ["off"],
  },
  assets: { kind: "path", placeholder: "DIR", description: "the built demo page, served at /" },
  logLevel: {
    kind: "text",
    placeholder: "LEVEL",
    description:
      "trace, debug, info, warn, error, fatal or silent; the log is on stderr, one JSON object a line",
    default: "info",
    words: ["trace", "debug", "info", "warn", "error", "fatal", "silent"],
  },
  keys: {
    kind: "path",
    placeholder: "FILE",
    description:
      "who may ask what: a file of keys that only the server's user can read; in the environment, its name or the JSON itself",
    isSecret: true,
  },
  ratePerAddress: {
    kind: "integer",
    placeholder: "N",
    description: "requests a second for each address that sends no known key (default: no limit)",
    range: [1, 1_000_000],
  },
  allowOrigin: {
    kind: "list",
    placeholder: "ORIGIN",
    description:
      "pages of this origin may load the public files and ask the models, such as https://shop.example; * for all; several with commas, or the flag several times",
    default: [],
    check: checkOrigin,
  },
  allowHost: {
    kind: "list",
    placeholder: "NAME",
    description:
      "a name under which the admin port may be asked, besides addresses and localhost; several as above",
    default: [],
    check: checkName,
  },
  tlsCert: { kind: "path", placeholder: "FILE", description: "PEM file of the certificate; with --tls-key" },
  tlsKey: { kind: "path", placeholder: "FILE", description: "PEM file of its private key" },
  bodyLimit: {
    kind: "integer",
    placeholder: "BYTES",
    description: "largest body of a request",
    default: 1_048_576,
    range: [1024, 67_108_864],
  },
  maxQueueMs: {
    ...milliseconds([1, 60_000], 200),
    description: "a request that would wait longer for the model is refused with 503",
  },
  maxInFlightMb: {
    kind: "integer",
    placeholder: "MB",
    description: "megabytes of bodies and answers held at once; more are refused with 503",
    default: 64,
    range: [1, 65_536],
  },
  requestTimeoutMs: {
    ...milliseconds([1, longestMs], 5000),
    description: "a request's time when it names none in x-request-timeout-ms",
  },
  maxSlateItems: {
    kind: "integer",
    placeholder: "N",
    description: "most items that the requests of one body may ask for together",
    default: 10_000,
    range: [1, 1_000_000],
  },
  drainDelayMs: {
    ...milliseconds([0, longestMs], 0),
    description: "at the end, how long /readyz is 503 while all else is answered as before",
  },
  drainMs: {
    ...milliseconds([0, longestMs], 10_000),
    description: "after that, how long requests under way may take",
  },
  workers: {
    kind: "integer",
    placeholder: "auto|N",
    description:
      "threads that run the model; 0 runs it in the event loop, auto decides by the model's measured cost",
    default: "auto",
    range: [0, 64],
    words: ["auto"],
  },
  otlpEndpoint: {
    kind: "text",
    placeholder: "URL",
    description:
      "send traces to this OpenTelemetry collector, such as http://127.0.0.1:4318 (default: none are made)",
    check: checkUrl,
  },
} as const satisfies OptionDefinitions;

export type ServerOptionName = keyof typeof serverOptions;

/** What every option is, wherever it was given. */
export type Configuration = Omit<OptionValues<typeof serverOptions>, "adminPort"> & {
  readonly adminPort: number | "off";
};

function checkHost(text: string): string | undefined {
  return /^[\w.:%-]+$/.test(text) ? undefined : "expected an address or a name, without scheme and port";
}

function checkOrigin(text: string): string | undefined {
  return text === "*" || isOrigin(text)
    ? undefined
    : "expected an origin as browsers send it, scheme://host or scheme://host:port, or *";
}

function checkName(text: string): string | undefined {
  return hostNameOf(text) === text.toLowerCase() ? undefined : "expected a name without scheme and port";
}

function checkUrl(text: string): string | undefined {
  return /^https?:\/\//.test(text) && URL.canParse(text)
    ? undefined
    : "expected an address that begins with http:// or https://";
}
