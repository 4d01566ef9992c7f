/** The infer call: tensors in, the same checks and the same queue as every other route, tensors out. */
import { performance } from "node:perf_hooks";
import type { Recommendation, RecommendRequest } from "@attune/contracts";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { AnyAnswer, AnyRequest } from "../execution/any-request.ts";
import { parseJsonBody } from "../http/json/parse-body.ts";
import type { ServedVersion } from "../models/models.ts";
import { type AskedModel, routingKeyOf, withModel } from "./asked-model.ts";
import { sendBody } from "./body/send-body.ts";
import { headerLengthName, splitBody } from "./body/split-body.ts";
import type { OipContext } from "./oip-context.ts";
import { decodeInputs } from "./request/decode-inputs.ts";
import { type InferRequest, readInferRequest } from "./request/infer-request.ts";
import { invalid, maxIssues } from "./request/problems.ts";
import { readRawRequest } from "./request/raw-input.ts";
import { toRequests } from "./request/to-requests.ts";
import { encodeOutput } from "./response/encode-outputs.ts";
import { wantedOutputs, writeResponse } from "./response/infer-response.ts";

/**
 * @throws {AttuneError} `SERVER_BODY_INVALID`, `SERVER_HEADER_INVALID`, `REQUEST_INVALID`; those of the lease; those of
 * admission.
 */
export async function infer(
  asked: AskedModel,
  request: FastifyRequest,
  reply: FastifyReply,
  context: OipContext,
): Promise<FastifyReply> {
  const start = performance.now();
  const { admission } = context;
  const body = request.body instanceof Buffer ? request.body : Buffer.alloc(0);
  const call = admission.callOf(request);
  const { json, binary } = splitBody(request.headers[headerLengthName], body);
  const given =
    json && readInferRequest(await admission.parse(json.length, () => parseJsonBody(json), call), binary);
  const key = given?.routingKey ?? routingKeyOf(request);
  const answer = await withModel(asked, key, request, reply, context, async (version) => {
    const { manifest, statistics } = version;
    try {
      const inferRequest = given ?? readRawRequest(binary, manifest);
      const wanted = wantedOutputs(inferRequest, manifest);
      const decodeStart = performance.now();
      const requests = await admission.parse(body.length, () => readRequests(inferRequest, version), call);
      const askStart = performance.now();
      const { timeoutUs } = inferRequest;
      const deadlineAt = Math.min(call.deadlineAt, start + (timeoutUs ?? Number.POSITIVE_INFINITY) / 1000);
      const answers = await admission.askMany(version, requests, { ...call, deadlineAt });
      const encodeStart = performance.now();
      observeAnswers(version, answers, context);
      const k = (requests[0] as Partial<RecommendRequest>).k;
      const names = {
        model_name: asked.name,
        model_version: String(version.version),
        id: inferRequest.id ?? request.id,
      };
      const written = writeResponse(names, wanted, (output) =>
        encodeOutput(output, { manifest, answers, k }),
      );
      const end = performance.now();
      statistics.observeCall({
        succeeded: true,
        totalMs: end - start,
        decodeMs: askStart - decodeStart,
        encodeMs: end - encodeStart,
      });
      return written;
    } catch (cause) {
      statistics.observeCall({ succeeded: false, totalMs: performance.now() - start });
      throw cause;
    }
  });
  return sendBody(request, reply, answer, context);
}

/** One checked request a row. */
function readRequests({ inputs }: InferRequest, { manifest, check }: ServedVersion): readonly AnyRequest[] {
  const requests = toRequests(decodeInputs(inputs, manifest), manifest);
  const issues: string[] = [];
  for (const [row, one] of requests.entries()) {
    check(one, `rows[${row}].`, issues);
    if (issues.length > maxIssues) break;
  }
  if (issues.length > 0) throw invalid(issues);
  return requests;
}

function observeAnswers(
  { name, version, manifest }: ServedVersion,
  answers: readonly AnyAnswer[],
  { metrics }: OipContext,
): void {
  const labels = { model: name, version };
  for (const answer of answers) {
    if (manifest.task === "recommend") metrics.observeAnswer(labels, answer as Recommendation);
    else metrics.observePrediction(labels);
  }
}
