/** Errors of the file system as ours. */
import { AttuneError } from "@attune/contracts";

/** @param path - what could not be written, as the user knows it; never a temporary name. */
export function writeFailure(path: string, cause: unknown): AttuneError<"FILE_WRITE"> {
  return new AttuneError("FILE_WRITE", { path, reason: reasonOf(cause) }, { cause });
}

/** @param path - what could not be read. */
export function readFailure(path: string, cause: unknown): AttuneError<"FILE_READ"> {
  return new AttuneError("FILE_READ", { path, reason: reasonOf(cause) }, { cause });
}

/** The error code of the system, such as `"ENOENT"`. */
export function systemCode(cause: unknown): string | undefined {
  return (cause as NodeJS.ErrnoException | undefined)?.code;
}

/** The system's words without the path, which the error names already. */
function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.replace(/, \w+( '.*')?$/s, "");
}
