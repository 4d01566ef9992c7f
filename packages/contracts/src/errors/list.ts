/** A bulleted block under a sentence, one line per problem; long lists are cut with a count. */
export function bullets(lines: readonly string[], limit = 20): string {
  const shown = lines.slice(0, limit).map((line) => `\n  - ${line}`);
  const rest = lines.length - shown.length;
  return shown.join("") + (rest > 0 ? `\n  - … and ${rest} more` : "");
}
