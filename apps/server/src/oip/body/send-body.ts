/** Answers of `/v2`: JSON, or JSON with binary data behind it; compressed for callers who ask for it. */
import { promisify } from "node:util";
import { deflate, gzip } from "node:zlib";
import type { FastifyReply, FastifyRequest } from "fastify";
import { holdUntilSent } from "../../http/request-state.ts";
import type { OipContext } from "../oip-context.ts";
import { headerLengthName } from "./split-body.ts";

/** Answers up to this are sent as they are: to compress them takes longer than to send them. */
const smallBytes = 1024;

/** The fastest level: answers are made once and read once. */
const options = { level: 1 } as const;
const compressors = { gzip: promisify(gzip), deflate: promisify(deflate) } as const;

/** An answer in its two parts; without binary data it is JSON alone. */
export interface AnswerBody {
  readonly json: string;
  readonly binary: readonly Buffer[];
}

export async function sendBody(
  request: FastifyRequest,
  reply: FastifyReply,
  { json, binary }: AnswerBody,
  { admission: { budget } }: OipContext,
): Promise<FastifyReply> {
  const header = Buffer.from(json);
  const body = binary.length === 0 ? header : Buffer.concat([header, ...binary]);
  if (binary.length === 0) reply.type("application/json");
  else reply.type("application/octet-stream").header(headerLengthName, String(header.length));
  if (body.length <= smallBytes) return reply.send(body);
  budget.hold(body.length);
  holdUntilSent(request, budget, body.length);
  const vary = reply.getHeader("vary");
  // Beside what cross-origin answers vary by.
  reply.header("vary", vary === undefined ? "accept-encoding" : `${vary}, accept-encoding`);
  const coding = codingFor(request.headers["accept-encoding"]);
  if (coding === undefined) return reply.send(body);
  const compressed = await compressors[coding](body, options);
  return reply.header("content-encoding", coding).send(compressed);
}

/** The first of gzip and deflate that the caller lists and does not refuse. */
function codingFor(header: string | string[] | undefined): keyof typeof compressors | undefined {
  if (typeof header !== "string") return undefined;
  const accepted = header
    .toLowerCase()
    .split(",")
    .filter((part) => !/;\s*q=0(\.0*)?\s*$/.test(part))
    .map((part) => part.split(";", 1)[0]!.trim());
  return accepted.includes("gzip") ? "gzip" : accepted.includes("deflate") ? "deflate" : undefined;
}
