/** Reads out of a failed start what the browser itself said. */
import { stripVTControlCharacters } from "node:util";

/** Whether the browser ended because the machine gives it no sandbox. */
export function isSandboxRefused(cause: unknown): boolean {
  return /sandboxing failed|No usable sandbox/.test(messageOf(cause));
}

/** One line: the browser's own words when it had any, otherwise those of who started it. */
export function startReason(cause: unknown): string {
  const lines = stripVTControlCharacters(messageOf(cause)).split("\n");
  const said = lines.flatMap((line) => /\[err\] (.+)$/.exec(line)?.[1] ?? []);
  const [first = "no reason given"] = said.length > 0 ? said : lines;
  return first
    .replace(/^browserType\.launch: /, "")
    .replace(
      /^Timeout (\d+)ms exceeded\.$/,
      (_, timeoutMs) => `it did not answer within ${timeoutMs / 1000} s`,
    )
    .trim()
    .slice(0, 300);
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
