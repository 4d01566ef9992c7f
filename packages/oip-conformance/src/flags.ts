/** The command line: words in, checked flags or a problem out. */
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { type GroupName, groupNames } from "./cases/groups.ts";

export interface Flags {
  readonly url: string;
  readonly models: readonly string[];
  readonly modelVersion?: string;
  readonly requestFile?: string;
  readonly adminUrl?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly adminHeaders: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly groups?: readonly GroupName[];
  readonly json: boolean;
}

export type ParsedFlags =
  | { readonly kind: "flags"; readonly flags: Flags }
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | { readonly kind: "list"; readonly groups?: readonly GroupName[] }
  | { readonly kind: "misuse"; readonly problem: string };

export const usage = `oip-conformance URL [options]

Holds a server to the Open Inference Protocol v2 over HTTP. URL is the address under which /v2 lies.
Models stay loaded, but they are asked: use a server that may be asked anything.

  --model NAME             a model to ask, repeatable (default: those that the server lists)
  --model-version VERSION  the version to ask (default: the server's choice)
  --request FILE           an infer request in JSON that the model answers (default: made from its metadata)
  --admin-url URL          where models are loaded: adds the cases of the model repository; loads --model again
  --header "NAME: VALUE"   sent with every request, repeatable; its value is shown nowhere
  --admin-header "NAME: VALUE"  the same, to --admin-url only
  --timeout-ms N           of one request (default 10000)
  --only GROUP             repeatable: ${groupNames.join(", ")}
  --json                   the report for programs
  --list                   the cases, without a server
  --version, --help

Exit codes: 0 conforms, 1 does not, 2 misused, 3 the server cannot be reached.
`;

const options = {
  model: { type: "string", multiple: true, default: [] },
  "model-version": { type: "string" },
  request: { type: "string" },
  "admin-url": { type: "string" },
  header: { type: "string", multiple: true, default: [] },
  "admin-header": { type: "string", multiple: true, default: [] },
  "timeout-ms": { type: "string", default: "10000" },
  only: { type: "string", multiple: true, default: [] },
  json: { type: "boolean", default: false },
  list: { type: "boolean", default: false },
  version: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} satisfies ParseArgsOptionsConfig;

export function parseFlags(argv: readonly string[]): ParsedFlags {
  let words: ReturnType<typeof parseWords>;
  try {
    words = parseWords(argv);
  } catch (cause) {
    return { kind: "misuse", problem: (cause as Error).message };
  }
  const { values, positionals } = words;
  if (values.help) return { kind: "help" };
  if (values.version) return { kind: "version" };
  const problems: string[] = [];
  const groups = readGroups(values.only, problems);
  if (!values.list) {
    if (positionals.length !== 1) problems.push("give one URL, such as http://127.0.0.1:8080");
    else checkUrl("the URL", positionals[0]!, problems);
    if (values["admin-url"] !== undefined) checkUrl("--admin-url", values["admin-url"], problems);
    if (values.request !== undefined && values.model.length > 1) {
      problems.push("--request is for one model: give --model once");
    }
  }
  const headers = readHeaders("--header", values.header, problems);
  const adminHeaders = readHeaders("--admin-header", values["admin-header"], problems);
  const timeoutMs = Number(values["timeout-ms"]);
  if (!/^[1-9][0-9]{0,6}$/.test(values["timeout-ms"])) {
    problems.push("--timeout-ms must be an integer from 1 to 9999999");
  }
  if (problems.length > 0) return { kind: "misuse", problem: problems.join("; ") };
  if (values.list) return { kind: "list", ...groups };
  const flags: Flags = {
    url: positionals[0]!,
    models: values.model,
    ...(values["model-version"] !== undefined && { modelVersion: values["model-version"] }),
    ...(values.request !== undefined && { requestFile: values.request }),
    ...(values["admin-url"] !== undefined && { adminUrl: values["admin-url"] }),
    headers,
    adminHeaders,
    timeoutMs,
    ...groups,
    json: values.json,
  };
  return { kind: "flags", flags };
}

function parseWords(argv: readonly string[]) {
  return parseArgs({ args: [...argv], options, allowPositionals: true });
}

function readGroups(
  names: readonly string[],
  problems: string[],
): { readonly groups?: readonly GroupName[] } {
  const unknown = names.filter((name) => !(groupNames as readonly string[]).includes(name));
  for (const name of unknown)
    problems.push(`--only: there is no group "${name}"; there are ${groupNames.join(", ")}`);
  return names.length === 0 ? {} : { groups: names as readonly GroupName[] };
}

function checkUrl(what: string, text: string, problems: string[]): void {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    problems.push(`${what} must begin with http:// or https://, got "${text}"`);
  }
}

/** Values are secrets: a problem names what came before the colon, and where there is none nothing. */
function readHeaders(
  flag: string,
  lines: readonly string[],
  problems: string[],
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e]*)$/.exec(line);
    if (match === null) problems.push(`${flag} must be "NAME: VALUE", in ASCII`);
    else headers[match[1]!.toLowerCase()] = match[2]!.trimEnd();
  }
  return headers;
}
