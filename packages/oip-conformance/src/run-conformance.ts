/** A whole run: find out what the server has, put every case to it, count. */
import type { Case } from "./cases/case.ts";
import type { GroupName } from "./cases/groups.ts";
import { cases } from "./cases/index.ts";
import type { HttpRequest } from "./http/http-request.ts";
import { type Address, send } from "./http/send.ts";
import type { InferRequest } from "./protocol/tensor.ts";
import { toCurl } from "./report/curl.ts";
import { countOutcomes, type ModelReport, type Report, type Result } from "./report/report.ts";
import { UnreachableError, UsageError } from "./run-errors.ts";
import { type Known, type Runner, runCase } from "./runner/run-case.ts";
import {
  findGoodRequest,
  listModels,
  readModel,
  readServerMetadata,
  type Sought,
} from "./subject/discover.ts";
import type { Model, ServerFacts } from "./subject/facts.ts";
import { kit } from "./version.ts";

export interface ConformanceOptions {
  /** Names of models to ask; default: those that the server lists. */
  readonly models?: readonly string[];
  /** The version to ask of each model; default: the server's choice. */
  readonly modelVersion?: string;
  /** A request that is known to succeed, for one model; default: one made from its metadata. */
  readonly request?: InferRequest;
  /** Where models are loaded and unloaded; default: that is not asked. */
  readonly adminUrl?: string;
  /** Sent with every request, such as a key; they are shown nowhere. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent to `adminUrl` beside `headers`, and before them. */
  readonly adminHeaders?: Readonly<Record<string, string>>;
  /** Of one request. Default 10,000. */
  readonly timeoutMs?: number;
  /** Groups to run; default: all. */
  readonly groups?: readonly GroupName[];
}

const defaultTimeoutMs = 10_000;

/**
 * Puts the cases to the server at `url`, one request after the other. Models stay loaded; nothing is stored.
 *
 * @param url - the address under which `/v2` lies, `http:` or `https:`.
 * @throws {UnreachableError} when the server answers nothing at all.
 * @throws {UsageError} when `url` or `adminUrl` is no URL of HTTP, or `request` goes with several models.
 */
export async function runConformance(url: string, options: ConformanceOptions = {}): Promise<Report> {
  const { groups, modelVersion, request } = options;
  const runner = createRunner(url, options);
  const first = await runner.send({ method: "GET", path: "/v2/health/live" });
  if (first.kind === "silence") throw new UnreachableError(url, first.problem);

  const server = await readServerMetadata(runner.send);
  const facts: ServerFacts = {
    extensions: server?.extensions ?? [],
    hasAdmin: options.adminUrl !== undefined,
  };
  const names = options.models ?? (await listModels(runner.send, facts.hasAdmin));
  if (request !== undefined && names.length > 1) {
    throw new UsageError(`a request is for one model; name one of ${names.join(", ")}`);
  }
  const chosen = cases.filter(({ group }) => groups === undefined || groups.includes(group));
  const results: Result[] = [];
  const models: ModelReport[] = [];
  const noModel: Known = {
    scope: "server",
    facts,
    otherwise: "the server lists no model; give --model NAME",
  };
  for (const one of chosen) {
    if (one.scope === "server" || names.length === 0) results.push(await runCase(one, noModel, runner));
  }
  for (const name of names) {
    const model = await readModel(runner.send, name, modelVersion);
    const sought = await findGoodRequest(runner.send, model, request);
    models.push(modelReport(model, sought));
    const known = knownOf(facts, model, sought);
    for (const one of chosen) if (one.scope !== "server") results.push(await runCase(one, known, runner));
  }
  const counts = countOutcomes(results);
  return {
    kit,
    url,
    ...(server !== undefined && {
      server: { name: server.name, version: server.version, extensions: server.extensions },
    }),
    models,
    counts,
    conforms: counts.failed === 0,
    results: inOrder(results, chosen),
  };
}

function createRunner(url: string, options: ConformanceOptions): Runner {
  const { adminUrl, headers = {}, adminHeaders = {}, timeoutMs = defaultTimeoutMs } = options;
  const server: Address = { url: parseUrl(url), headers };
  const admin: Address =
    adminUrl === undefined ? server : { url: parseUrl(adminUrl), headers: { ...headers, ...adminHeaders } };
  const addressOf = ({ to }: HttpRequest) => (to === "admin" ? admin : server);
  return {
    send: (request) => send(request, addressOf(request), { timeoutMs }),
    describe: (request) => toCurl(request, addressOf(request)),
  };
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`"${text}" is no URL of HTTP; give one such as http://127.0.0.1:8080`);
  }
  return url;
}

function knownOf(facts: ServerFacts, model: Model, sought: Sought): Known {
  if (sought.kind === "found") {
    const { good } = sought;
    return { scope: "infer", facts: { ...facts, model, tried: good, good } };
  }
  const { tried, why } = sought;
  return {
    scope: "model",
    facts: { ...facts, model, ...(tried !== undefined && { tried }) },
    otherwise: why,
  };
}

function modelReport({ name, version }: Model, sought: Sought): ModelReport {
  return {
    name,
    ...(version !== undefined && { version }),
    ...(sought.kind === "found"
      ? { request: sought.good.source }
      : { request: "none", noRequestBecause: sought.why }),
  };
}

/** As the list of cases has them, models in turn. */
function inOrder(results: readonly Result[], chosen: readonly Case[]): readonly Result[] {
  const place = new Map(chosen.map(({ id }, index) => [id, index]));
  return [...results].sort((a, b) => place.get(a.id)! - place.get(b.id)!);
}
