/** One case against one server or model: its requests, then what must hold of the answers. */
import type { Case, CaseOf, Scope } from "../cases/case.ts";
import { documents } from "../cases/documents.ts";
import { groupsThatShake } from "../cases/groups.ts";
import { get, infer } from "../cases/requests.ts";
import { shown } from "../expectations/answers.ts";
import type { Level } from "../expectations/expectation.ts";
import type { HttpAnswer, HttpRequest, Reply } from "../http/http-request.ts";
import type { ExchangeRecord, Outcome, Problem, Result } from "../report/report.ts";
import type { InferFacts, ModelFacts, ServerFacts } from "../subject/facts.ts";

export interface Runner {
  send(request: HttpRequest): Promise<Reply>;
  /** The request for a shell. */
  describe(request: HttpRequest): string;
}

/** As much as is known; a case of a wider scope than that is skipped for the reason given. */
export type Known =
  | { readonly scope: "server"; readonly facts: ServerFacts; readonly otherwise: string }
  | { readonly scope: "model"; readonly facts: ModelFacts; readonly otherwise: string }
  | { readonly scope: "infer"; readonly facts: InferFacts };

const scopes: readonly Scope[] = ["server", "model", "infer"];

export async function runCase(one: Case, known: Known, runner: Runner): Promise<Result> {
  if (scopes.indexOf(one.scope) > scopes.indexOf(known.scope)) {
    return skipped(one, known, known.scope === "infer" ? "" : known.otherwise);
  }
  // The scopes were compared: the facts are at least what the case is about.
  return runWithFacts(one as unknown as CaseOf<"infer">, known.facts as InferFacts, known, runner);
}

async function runWithFacts(
  one: CaseOf<"infer">,
  facts: InferFacts,
  known: Known,
  runner: Runner,
): Promise<Result> {
  const unmet = one.needs?.find((need) => !need.isMet(facts));
  if (unmet !== undefined) return skipped(one, known, unmet.otherwise);
  const requests = [one.send(facts)].flat();
  const problems: Problem[] = [];
  const exchanges: ExchangeRecord[] = [];
  const answers: HttpAnswer[] = [];
  for (const request of requests) {
    const reply = await runner.send(request);
    exchanges.push(recordOf(request, reply, runner));
    if (reply.kind === "answer") answers.push(reply.answer);
    else problems.push({ level: one.level, expected: "an answer", got: reply.problem });
  }
  if (problems.length === 0) problems.push(...checkAll(one, answers, facts));
  if (groupsThatShake.includes(one.group))
    problems.push(...(await checkStillServes(known, runner, exchanges)));
  const outcome = outcomeOf(problems);
  return { ...described(one, known), outcome, problems, exchanges: outcome === "passed" ? [] : exchanges };
}

/** Lower expectations are all looked at; the first that is broken on the case's own level ends it. */
function checkAll(
  one: CaseOf<"infer">,
  answers: readonly HttpAnswer[],
  facts: InferFacts,
): readonly Problem[] {
  const problems: Problem[] = [];
  for (const expectation of one.expect) {
    const got = expectation.check(answers, facts);
    if (got === undefined) continue;
    const level = lower(one.level, expectation.level);
    problems.push({ level, expected: expectation.says, got });
    if (expectation.level === undefined) break;
  }
  return problems;
}

/** The request that is known to be good; where there is none, anything that the server does not fail at. */
async function checkStillServes(
  known: Known,
  runner: Runner,
  exchanges: ExchangeRecord[],
): Promise<readonly Problem[]> {
  const request =
    known.scope === "infer" ? infer(known.facts, known.facts.good.request) : get("/v2/health/live");
  const reply = await runner.send(request);
  const got =
    reply.kind === "silence" ? reply.problem : failureOf(reply.answer, known.scope === "infer" ? 400 : 500);
  if (got === undefined) return [];
  exchanges.push(recordOf(request, reply, runner));
  return [{ level: "must", expected: "an answer to a good request after it", got }];
}

function failureOf({ status }: HttpAnswer, from: number): string | undefined {
  return status >= from ? `status ${status}` : undefined;
}

function recordOf(request: HttpRequest, reply: Reply, runner: Runner): ExchangeRecord {
  const answer = reply.kind === "answer" ? `${reply.answer.status}: ${shown(reply.answer)}` : reply.problem;
  return { curl: runner.describe(request), answer };
}

const levels: readonly Level[] = ["must", "should", "may"];

function lower(one: Level, other: Level = one): Level {
  return levels[Math.max(levels.indexOf(one), levels.indexOf(other))]!;
}

const outcomeByLevel: Readonly<Record<Level, Outcome>> = { must: "failed", should: "warned", may: "noted" };

function outcomeOf(problems: readonly Problem[]): Outcome {
  const worst = levels.find((level) => problems.some((problem) => problem.level === level));
  return worst === undefined ? "passed" : outcomeByLevel[worst];
}

function described({ id, group, level, title, spec, note }: Case | CaseOf<"infer">, known: Known) {
  return {
    id,
    group,
    level,
    title,
    ...(known.scope !== "server" && { model: known.facts.model.name }),
    spec: { ...spec, url: documents[spec.document].url },
    ...(note !== undefined && { note }),
  };
}

function skipped(one: Case | CaseOf<"infer">, known: Known, why: string): Result {
  return { ...described(one, known), outcome: "skipped", problems: [], exchanges: [], skippedBecause: why };
}
