/** Errors in conformance cases: recognised by name and code, as callers do. */
import { type ErrorCode, isAttuneError } from "@attune/contracts";

/**
 * @param words - each must be in the message: all problems of one kind come in one error.
 * @throws {Error} when `action` does not reject with `code`, or a word is missing.
 */
export async function expectError(
  code: ErrorCode,
  action: () => Promise<unknown>,
  words: readonly string[] = [],
): Promise<void> {
  let outcome: unknown;
  try {
    outcome = await action();
  } catch (error) {
    if (!isAttuneError(error, code))
      throw new Error(`expected ${code}, got ${String(error)}`, { cause: error });
    const missing = words.filter((word) => !error.message.includes(word));
    if (missing.length > 0)
      throw new Error(`${code} does not mention ${missing.join(", ")}: ${error.message}`);
    return;
  }
  throw new Error(`expected ${code}, got ${JSON.stringify(outcome) ?? "no error"}`);
}
