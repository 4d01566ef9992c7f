/** The command line of `attune-server`: words in, checked flags or a problem out. */
import { parseArgs } from "node:util";

export interface Flags {
  readonly artifactDir: string;
  readonly assetsDir: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
}

/** What the words ask for: flags, the usage, or a sentence on what is wrong with them. */
export type ParsedFlags =
  | { readonly kind: "flags"; readonly flags: Flags }
  | { readonly kind: "help" }
  | { readonly kind: "misuse"; readonly problem: string };

export const usage = `attune-server --artifact DIR [--port 8080] [--host 127.0.0.1] [--assets DIR] [--log-level info]

Serves an artifact over HTTP. Logs go to stderr, one JSON object a line.

  --artifact DIR     folder with manifest.json and model.onnx (required)
  --port N           0 for any free port
  --host ADDRESS     0.0.0.0 for all interfaces
  --assets DIR       the built demo page, served at /
  --log-level LEVEL  trace, debug, info, warn, error, fatal or silent

Exit codes: 0 drained and closed, 1 failed, 2 misused.
`;

const options = {
  artifact: { type: "string" },
  port: { type: "string", default: "8080" },
  host: { type: "string", default: "127.0.0.1" },
  assets: { type: "string" },
  "log-level": { type: "string", default: "info" },
  help: { type: "boolean", short: "h", default: false },
} as const;

const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

export function parseFlags(argv: readonly string[]): ParsedFlags {
  let values: ReturnType<typeof parseWords>;
  try {
    values = parseWords(argv);
  } catch (cause) {
    return { kind: "misuse", problem: (cause as Error).message };
  }
  if (values.help) return { kind: "help" };
  const { artifact, assets, host, port, "log-level": logLevel } = values;
  if (artifact === undefined) return { kind: "misuse", problem: "--artifact DIR is required" };
  if (!/^[0-9]{1,5}$/.test(port) || Number(port) > 65_535) {
    return { kind: "misuse", problem: "--port must be an integer from 0 to 65535" };
  }
  if (!logLevels.includes(logLevel)) {
    return { kind: "misuse", problem: `--log-level must be one of ${logLevels.join(", ")}` };
  }
  const flags = { artifactDir: artifact, assetsDir: assets, host, port: Number(port), logLevel };
  return { kind: "flags", flags };
}

function parseWords(argv: readonly string[]) {
  return parseArgs({ args: [...argv], options }).values;
}
