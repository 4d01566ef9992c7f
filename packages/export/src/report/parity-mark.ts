/** The place in a report or a card where parity stands, so that it can be filled in after the artifact is written. */

const start = "<!-- parity -->";
const end = "<!-- /parity -->";

export function markParity(content: string): string {
  return `${start}\n${content}\n${end}`;
}

/** The text with other content at the mark; a text without a mark comes back unchanged. */
export function replaceMarked(text: string, content: string): string {
  const from = text.indexOf(start);
  const to = text.indexOf(end, from);
  return from < 0 || to < 0 ? text : text.slice(0, from) + markParity(content) + text.slice(to + end.length);
}

/** How a runtime that `verify` left out is told of; its reason comes after. */
export function labelUnverified(name: string): string {
  return name === "web" ? "not verified in a browser" : `not verified in ${name}`;
}
