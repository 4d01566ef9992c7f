/** A bulleted block under a sentence, one line per problem; long lists are cut with a count. */
export function bullets(lines: readonly string[], limit = 20): string {
  const shown = lines.slice(0, limit).map((line) => `\n  - ${line}`);
  const rest = lines.length - shown.length;
  return shown.join("") + (rest > 0 ? `\n  - … and ${rest} more` : "");
}

/** Names in a sentence; long lists are cut with a count. */
export function names(list: readonly string[], limit = 30): string {
  const rest = list.length - limit;
  return rest > 0 ? `${list.slice(0, limit).join(", ")} and ${rest} more` : list.join(", ");
}

/** A failure that a request can cause names the HTTP status it is answered with; every other one is ours: 500. */
export function answered<D>(
  status: 400 | 401 | 403 | 404 | 405 | 408 | 409 | 413 | 415 | 416 | 429 | 431 | 503,
  message: (details: D) => string,
): ((details: D) => string) & { readonly status: number } {
  return Object.assign((details: D) => message(details), { status });
}
