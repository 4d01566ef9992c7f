/** Answers what Node's parser refuses before there is a request: each with the status that says what was wrong. */
import { randomUUID } from "node:crypto";
import { maxHeaderSize, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { AttuneError, httpStatus, isAttuneError } from "@attune/contracts";
import { commonHeaders } from "../security.ts";
import { failureBody } from "./failure.ts";
import type { RouteTable } from "./route-table.ts";

/** An error event of Node's HTTP server. */
export interface ClientError extends Error {
  readonly code?: string | undefined;
  /** The bytes that were being read, and how far the parser got. */
  readonly rawPacket?: unknown;
  readonly bytesParsed?: number | undefined;
}

/** After broken HTTP, how long a caller has to read why before the connection goes, hung up or not. */
const lingerMs = 1000;

/** Writes the answer and ends the connection: what follows on it could be anything. */
export function answerClientError(error: ClientError, socket: Socket, routes: RouteTable): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  answerOnSocket(failureOfClientError(error, routes), socket);
}

/** As an event of Node's HTTP server, which otherwise hangs up on it: no path is a proxy's. */
export function answerConnect(target: string, socket: Socket, routes: RouteTable): void {
  answerOnSocket(routes.failureOf("CONNECT", pathOf(target)), socket);
}

/** Which failure it is; 400 where nothing else is said. */
export function failureOfClientError(error: ClientError, routes: RouteTable): AttuneError {
  switch (error.code) {
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new AttuneError("SERVER_RECEIVE_TIMEOUT", {});
    case "HPE_HEADER_OVERFLOW":
      return new AttuneError("SERVER_HEADERS_TOO_LARGE", { limitBytes: maxHeaderSize });
    case "HPE_INVALID_METHOD": {
      const asked = unknownMethod(error);
      if (asked !== undefined) return routes.failureOf(asked.method, asked.path);
      break;
    }
    default:
      break;
  }
  return new AttuneError("SERVER_HTTP", { reason: error.message });
}

/** A request line as it must be, with a method that the parser does not know. */
function unknownMethod({
  rawPacket,
  bytesParsed = 0,
}: ClientError): { readonly method: string; readonly path: string } | undefined {
  const line = Buffer.isBuffer(rawPacket) ? rawPacket.toString("latin1", 0, maxHeaderSize) : "";
  const found = /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}) ([^\s]+) HTTP\/1\.[01]\r?\n/.exec(line);
  if (found === null) return undefined;
  const [, method = "", target = ""] = found;
  // Past it, the parser was at a later request of the same packet.
  return bytesParsed > method.length ? undefined : { method, path: pathOf(target) };
}

/** Without the query, and cut: it goes into answers. */
function pathOf(target: string): string {
  return target.split("?", 1)[0]!.slice(0, 200);
}

function answerOnSocket(failure: AttuneError, socket: Socket): void {
  const status = httpStatus(failure.code);
  const requestId = randomUUID();
  const body = JSON.stringify(failureBody(failure, requestId));
  const headers = {
    ...commonHeaders,
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    "x-request-id": requestId,
    ...(isAttuneError(failure, "SERVER_METHOD") && { allow: failure.details.allowed.join(", ") }),
    connection: "close",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n${body}`);
  // Not at once: what we have not read would turn our answer into a reset.
  setTimeout(() => socket.destroy(), lingerMs).unref();
}
