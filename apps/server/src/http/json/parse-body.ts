/** Request bodies: bytes in, plain data out, one clear error otherwise. */
import { isUtf8 } from "node:buffer";
import { AttuneError } from "@attune/contracts";
import { findJsonFault } from "./find-fault.ts";

const byteOrderMark = 0xfeff;

/**
 * Parses a JSON body. `__proto__` and `constructor` arrive as ordinary own keys (JSON.parse never calls a setter),
 * so the request schema refuses them like any other unknown field.
 *
 * @throws {AttuneError} `SERVER_BODY_INVALID` when it is empty, not UTF-8, or not JSON; with line and column.
 */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) throw invalid("it is empty");
  if (!isUtf8(bytes)) throw invalid("it is not UTF-8");
  const decoded = bytes.toString("utf8");
  const text = decoded.charCodeAt(0) === byteOrderMark ? decoded.slice(1) : decoded;
  try {
    return JSON.parse(text);
  } catch (cause) {
    const fault = findJsonFault(text);
    if (fault === undefined) throw invalid("it cannot be parsed", cause);
    throw invalid(`${fault.reason} at line ${fault.line}, column ${fault.column}`, cause);
  }
}

function invalid(reason: string, cause?: unknown): AttuneError {
  return new AttuneError("SERVER_BODY_INVALID", { reason }, cause === undefined ? {} : { cause });
}
