/** Errors that come out of a thread. */
import { AttuneError, type ErrorCode, errorMessages, type WireError } from "@attune/contracts";

/** An error of the table comes back as one. */
export function revive(error: WireError | { readonly message: string }): Error {
  if ("code" in error && Object.hasOwn(errorMessages, error.code)) {
    return new AttuneError(error.code as ErrorCode, error.details as never);
  }
  return new Error(error.message);
}
