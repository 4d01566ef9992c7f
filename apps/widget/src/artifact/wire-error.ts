/** Any failure as plain data, for an event or a test driver. Pure. */
import { isAttuneError, type WireError } from "@attune/contracts";

/** An `AttuneError` keeps its code and details; anything else gets the code `UNEXPECTED`. */
export function toWireError(cause: unknown): WireError {
  if (isAttuneError(cause)) {
    return { name: cause.name, code: cause.code, message: cause.message, details: cause.details };
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  return { name: "Error", code: "UNEXPECTED", message, details: {} };
}
