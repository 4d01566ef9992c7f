/** docs/errors.md from the error table: code, when it is raised, and the sentence it gives. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const folder = path.resolve(import.meta.dirname, "../../packages/contracts/src/errors");

/** `/** comment *​/ CODE: (details) =>` pairs of one file, in order. A comment of anything else is passed over. */
function readTable(file: string): { code: string; meaning: string }[] {
  const text = readFileSync(path.join(folder, file), "utf8");
  const entries = text.matchAll(/\/\*\*\s*((?:(?!\*\/)[\s\S])*?)\s*\*\/\s*([A-Z][A-Z0-9_]+):/g);
  return [...entries].map((match) => ({
    code: match[2]!,
    meaning: match[1]!.replace(/\s*\n\s*\*\s*/g, " "),
  }));
}

export function errorsPage(): string {
  const files = readdirSync(folder).filter(
    (file) => /^[a-z-]+\.ts$/.test(file) && !["index.ts", "list.ts"].includes(file),
  );
  const rows = files.flatMap(readTable).map(({ code, meaning }) => `| \`${code}\` | ${meaning} |`);
  return [
    "# Errors",
    "",
    "Generated from the error table (`pnpm generate:docs`). An error has a `code` for programs, a `message` that lists every problem and says what to do,",
    "and `details`. The server answers `{ error: { code, message, details, requestId } }`, the CLI prints `{ error: … }` with `--json`. Codes are never renamed or reused.",
    "",
    "| code | when |",
    "|---|---|",
    ...rows,
    "",
  ].join("\n");
}
