/** Which form of a file a caller is sent: RFC 9110 §12.5.3. */
import { compressedForms } from "@attune/contracts/manifest";

export type ContentCoding = (typeof compressedForms)[number]["coding"];

/**
 * The coding that the caller prefers among those there are; of equal ones the smallest form. `undefined` is the file as it
 * is: for callers that name none, and for those that refuse everything, who would get nothing otherwise.
 *
 * @param header - `Accept-Encoding`, as it came.
 */
export function negotiateCoding(
  header: string | undefined,
  available: ReadonlySet<ContentCoding> | ReadonlyMap<ContentCoding, unknown>,
): ContentCoding | undefined {
  if (header === undefined) return undefined;
  const weights = parseWeights(header);
  const weightOf = (coding: string) => weights.get(coding) ?? weights.get("*") ?? 0;
  // Plain bytes are always acceptable unless refused, but wanted only by those who say so.
  const plain = weights.get("identity") ?? 0;
  let best: { readonly coding: ContentCoding; readonly weight: number } | undefined;
  for (const { coding } of compressedForms) {
    const weight = weightOf(coding);
    if (!available.has(coding) || weight === 0 || weight < plain) continue;
    if (best === undefined || weight > best.weight) best = { coding, weight };
  }
  return best?.coding;
}

/** Coding → weight in [0, 1]. A weight that is none counts as 0: what cannot be read is not asked for. */
function parseWeights(header: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const part of header.split(",")) {
    const [name = "", ...parameters] = part.split(";").map((piece) => piece.trim().toLowerCase());
    if (name === "") continue;
    const given = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
    const isWeight = given === undefined || /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(given);
    weights.set(name === "x-gzip" ? "gzip" : name, isWeight ? Number(given ?? 1) : 0);
  }
  return weights;
}
