/** Content keys: the same inputs, parameters and code give the same key, and with it the same folder. */
import { createHash } from "node:crypto";

/** Everything that decides an output; all of it is JSON. */
export type ContentInputs = {
  /** What makes the output: `"prepare"`, `"train"`. Two steps never share a key. */
  readonly step: string;
  readonly [input: string]: unknown;
} & (CodeVersion | { readonly code: CodeVersion["codeVersion"] });

interface CodeVersion {
  /** Raised whenever the same inputs would give another output. `code` says the same in keys that are out already. */
  readonly codeVersion: number;
}

/**
 * The name of an output.
 *
 * @returns the first 16 hex digits of the sha256 over the canonical JSON of everything that decides the output.
 */
export function contentKey(inputs: ContentInputs): string {
  return createHash("sha256").update(canonicalJson(inputs)).digest("hex").slice(0, 16);
}

/** JSON with keys in code-unit order and without absent values: one text per value, whatever the order of a file's lines. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, node: unknown) =>
    typeof node === "object" && node !== null && !Array.isArray(node)
      ? Object.fromEntries(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1)))
      : node,
  );
}
