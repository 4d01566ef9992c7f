/** Reads the body of a request: never more than the limit, and every byte counted against the server's budget. */
import type { IncomingMessage } from "node:http";
import { AttuneError } from "@attune/contracts";
import type { ByteBudget } from "../queue/byte-budget.ts";

export interface BodyOptions {
  /** Largest body in bytes. */
  readonly limit: number;
  readonly budget: ByteBudget;
  /** Told when a body was refused for want of room. */
  onShed(): void;
}

export interface HeldBody {
  readonly bytes: Buffer;
  /** Counted against the budget until the caller gives them back. */
  readonly heldBytes: number;
}

/** Length the request declares, or undefined for a chunked body. */
export function declaredLength({ headers }: IncomingMessage): number | undefined {
  const length = headers["content-length"];
  return length === undefined ? undefined : Number(length);
}

/**
 * @throws {AttuneError} `SERVER_BODY_TOO_LARGE`; `SERVER_OVERLOADED` when the server holds too many bytes already;
 * `SERVER_BODY_INVALID` when the connection ended early. What was counted is given back then.
 */
export function readBody(
  request: IncomingMessage,
  { limit, budget, onShed }: BodyOptions,
): Promise<HeldBody> {
  const declared = declaredLength(request);
  if (declared !== undefined && declared > limit) return Promise.reject(tooLarge(limit));
  if (!budget.hasRoom(declared ?? 0)) {
    onShed();
    return Promise.reject(overloaded());
  }
  let heldBytes = declared ?? 0;
  budget.hold(heldBytes);
  return new Promise<HeldBody>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;

    function onData(chunk: Buffer): void {
      length += chunk.byteLength;
      const more = length - heldBytes;
      if (length > limit) fail(tooLarge(limit));
      else if (more > 0 && !budget.hasRoom(more)) {
        onShed();
        fail(overloaded());
      } else {
        if (more > 0) {
          budget.hold(more);
          heldBytes = length;
        }
        chunks.push(chunk);
      }
    }
    function onEnd(): void {
      unlisten();
      resolve({ bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length), heldBytes });
    }
    const onClose = () =>
      fail(new AttuneError("SERVER_HTTP", { reason: "the connection ended before the body did" }));
    function fail(cause: AttuneError): void {
      unlisten();
      budget.release(heldBytes);
      // What still comes is read and dropped, so that the caller gets to the answer.
      request.resume();
      reject(cause);
    }
    function unlisten(): void {
      request.off("data", onData).off("end", onEnd).off("close", onClose).off("error", onClose);
      request.on("error", () => {});
    }
    request.on("data", onData).on("end", onEnd).on("close", onClose).on("error", onClose);
  });
}

const tooLarge = (limitBytes: number) => new AttuneError("SERVER_BODY_TOO_LARGE", { limitBytes });
const overloaded = () => new AttuneError("SERVER_OVERLOADED", { retryAfterSeconds: 1 });
