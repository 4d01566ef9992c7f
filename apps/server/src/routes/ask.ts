/** What the routes that run a model share: a lease, the check, the queue, the answer. */
import type { PredictTask, TaskName } from "@attune/contracts";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { AnyAnswer, AnyRequest } from "../execution/any-request.ts";
import { holdUntilSent } from "../http/request-state.ts";
import type { ServedVersion } from "../models/models.ts";
import { checkBody } from "./one-or-many.ts";
import { noSuchRoute, type RouteContext, withVersion } from "./route-context.ts";

export interface AskRoute {
  readonly path: string;
  /** Whether a model of this task answers here. */
  answersTask(task: TaskName): boolean;
  /** Told each answer. */
  observe(version: ServedVersion, answer: AnyAnswer): void;
}

/** Answers up to this are not worth counting. */
const smallAnswerBytes = 16 * 1024;

/**
 * Answers a body: one request, or `{ requests }`.
 *
 * @returns the answer as JSON.
 */
export function answerBody(
  { models, admission }: RouteContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { path, answersTask, observe }: AskRoute,
): Promise<FastifyReply> {
  return withVersion(models, request, reply, async (version) => {
    if (!answersTask(version.manifest.task)) throw noSuchRoute("POST", path);
    const { requests, isMany } = checkBody<AnyRequest>(request.body, version.check);
    const answers = await admission.askMany(version, requests, admission.callOf(request));
    for (const answer of answers) observe(version, answer);
    const text = JSON.stringify(isMany ? { results: answers } : answers[0]);
    if (text.length > smallAnswerBytes) {
      admission.budget.hold(text.length);
      holdUntilSent(request, admission.budget, text.length);
    }
    return reply.type("application/json; charset=utf-8").send(text);
  });
}

/** Tasks that take a row of columns. */
export function isPredictTask(task: TaskName): task is PredictTask {
  return task !== "recommend";
}
