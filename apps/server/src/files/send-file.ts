/** Answers with a file: form by negotiation, `304`, one range, `HEAD`. */
import { AttuneError } from "@attune/contracts";
import type { FastifyReply, FastifyRequest } from "fastify";
import { type ByteRange, parseRange } from "./byte-range.ts";
import { entityTag, matchesNone, matchesRange } from "./entity-tag.ts";
import { negotiateCoding } from "./negotiate-coding.ts";
import type { OpenedFile } from "./opened-file.ts";
import type { ServedFile } from "./served-files.ts";

/**
 * Sends the file in the form that fits the request best. Each form has a tag of its own. Ranges are of the plain file: a
 * part of a compressed one is of no use, so whoever asks for a range gets plain bytes.
 *
 * @throws {AttuneError} `SERVER_FILE_CHANGED` when the bytes on disk are not those that were checked, `SERVER_RANGE` for a
 * range behind the end.
 */
export async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: ServedFile,
  cacheControl: string,
): Promise<FastifyReply> {
  const { headers, method } = request;
  const wantsRange = method === "GET" && headers.range !== undefined;
  const coding = wantsRange ? undefined : negotiateCoding(headerOf(request, "accept-encoding"), file.coded);
  const form: OpenedFile = (coding && file.coded.get(coding)) ?? file.identity;
  await form.assertUnchanged();

  const tag = entityTag(form.sha256);
  addToList(reply, "vary", "accept-encoding");
  reply.header("etag", tag).header("cache-control", cacheControl);
  if (matchesNone(headers["if-none-match"], tag)) return reply.status(304).send();

  reply.type(file.mediaType);
  if (coding === undefined) reply.header("accept-ranges", "bytes");
  else reply.header("content-encoding", coding);
  const range =
    wantsRange && matchesRange(headerOf(request, "if-range"), tag)
      ? rangeOf(request, reply, form)
      : undefined;
  if (range !== undefined) {
    reply.status(206).header("content-range", `bytes ${range.start}-${range.end - 1}/${form.sizeBytes}`);
  }
  const { start, end } = range ?? { start: 0, end: form.sizeBytes };
  reply.header("content-length", end - start);
  return method === "HEAD" ? reply.send("") : reply.send(form.stream(start, end));
}

function rangeOf(request: FastifyRequest, reply: FastifyReply, form: OpenedFile): ByteRange | undefined {
  const range = parseRange(request.headers.range, form.sizeBytes);
  if (range !== "unsatisfiable") return range;
  // Of the file, not of the failure that is sent instead.
  for (const name of ["etag", "accept-ranges", "cache-control"]) reply.removeHeader(name);
  reply.header("content-range", `bytes */${form.sizeBytes}`);
  throw new AttuneError("SERVER_RANGE", { sizeBytes: form.sizeBytes });
}

/** Several headers of one name are one list. */
function headerOf({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name];
  return value === undefined ? undefined : [value].flat().join(",");
}

/** Adds to a header that is a list, beside what others have put there. */
export function addToList(reply: FastifyReply, header: string, ...values: readonly string[]): void {
  const before = reply.getHeader(header);
  const listed =
    before === undefined ? [] : [before].flat().flatMap((value) => String(value).split(/\s*,\s*/));
  const known = new Set(listed.map((value) => value.toLowerCase()));
  reply.header(header, [...listed, ...values.filter((value) => !known.has(value))].join(", "));
}
