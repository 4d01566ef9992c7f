/** Bodies of `/v2`: bytes, whatever their content type says; inflated where they are compressed. */
import { promisify } from "node:util";
import { gunzip, inflate } from "node:zlib";
import { AttuneError } from "@attune/contracts";
import type { FastifyRequest } from "fastify";
import { readBody } from "../../http/read-body.ts";
import { holdUntilSent } from "../../http/request-state.ts";
import type { OipContext } from "../oip-context.ts";

/** `deflate` is the zlib format (RFC 9110 §8.4.1.2), which is what clients send. */
const inflaters = { gzip: promisify(gunzip), deflate: promisify(inflate) } as const;

/**
 * The body; its bytes count against the server's budget until the answer is sent.
 *
 * @throws {AttuneError} `SERVER_BODY_TOO_LARGE` before and after inflating, `SERVER_BODY_ENCODING`, `SERVER_OVERLOADED`.
 */
export async function readEncodedBody(request: FastifyRequest, context: OipContext): Promise<Buffer> {
  const { admission, metrics, bodyLimit: limit } = context;
  const { budget } = admission;
  const onShed = () => metrics.observeShed("bytes");
  const coding = codingOf(request);
  const { bytes, heldBytes } = await readBody(request.raw, { limit, budget, onShed });
  holdUntilSent(request, budget, heldBytes);
  if (coding === undefined) return bytes;
  // How much comes out is known afterwards: until then it counts as much as it may be.
  if (!budget.hasRoom(limit)) {
    onShed();
    throw new AttuneError("SERVER_OVERLOADED", { retryAfterSeconds: 1 });
  }
  budget.hold(limit);
  try {
    const inflated = await inflateBody(coding, bytes, limit);
    budget.hold(inflated.byteLength);
    holdUntilSent(request, budget, inflated.byteLength);
    return inflated;
  } finally {
    budget.release(limit);
  }
}

function codingOf({ headers }: FastifyRequest): keyof typeof inflaters | undefined {
  const coding = headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  if (coding === "identity" || coding === "") return undefined;
  if (coding === "gzip" || coding === "x-gzip") return "gzip";
  if (coding === "deflate") return "deflate";
  throw new AttuneError("SERVER_BODY_ENCODING", { reason: "content-encoding is neither gzip nor deflate" });
}

async function inflateBody(coding: keyof typeof inflaters, bytes: Buffer, limit: number): Promise<Buffer> {
  try {
    return await inflaters[coding](bytes, { maxOutputLength: limit });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
      throw new AttuneError("SERVER_BODY_TOO_LARGE", { limitBytes: limit }, { cause });
    }
    throw new AttuneError("SERVER_BODY_ENCODING", { reason: `it is not ${coding} data` }, { cause });
  }
}
