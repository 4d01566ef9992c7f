/** Entity tags: RFC 9110 §8.8.3 and §13.1. Ours are the sha256 of the bytes that are sent, so they are strong. */

export function entityTag(sha256: string): string {
  return `"${sha256}"`;
}

/** `If-None-Match`: a list of tags, weakly compared, or `*`. */
export function matchesNone(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.split(",").some((other) => ["*", tag, `W/${tag}`].includes(other.trim()));
}

/** `If-Range`: one tag, strongly compared. A date never fits, since no `Last-Modified` is sent. */
export function matchesRange(header: string | undefined, tag: string): boolean {
  return header === undefined || header.trim() === tag;
}
