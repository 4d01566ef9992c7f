/** The content key: the same inputs, parameters and code give the same folder. */
import { createHash } from "node:crypto";

/** Raised whenever the same input would give another dataset. */
const prepareCodeVersion = 1;

/** @returns the first 16 hex digits of the sha256 over the canonical JSON of everything that shapes the output. */
export function datasetKey(inputs: {
  readonly parameters: unknown;
  readonly files: Readonly<Record<string, string>>;
  readonly engine: { readonly name: string; readonly version: string };
}): string {
  const text = canonicalJson({ step: "prepare", code: prepareCodeVersion, ...inputs });
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** JSON with keys in code-unit order and without absent values: one text per value. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, node: unknown) =>
    typeof node === "object" && node !== null && !Array.isArray(node)
      ? Object.fromEntries(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1)))
      : node,
  );
}
