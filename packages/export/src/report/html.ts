/** HTML as values: whatever is put into a template is escaped, unless it is HTML already. */

/** Markup that may stand in a page as it is. */
export interface Html {
  readonly html: string;
}

type Insert = string | number | Html | readonly Html[] | undefined | false;

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}

/** Markup from elsewhere (a drawn SVG); must not hold text of the data unescaped. */
export function rawHtml(html: string): Html {
  return { html };
}

/** Tagged template; `undefined` and `false` leave nothing. */
export function html(strings: TemplateStringsArray, ...inserts: readonly Insert[]): Html {
  return rawHtml(strings.reduce((text, part, index) => text + render(inserts[index - 1]) + part));
}

function render(insert: Insert): string {
  if (insert === undefined || insert === false) return "";
  if (typeof insert === "string") return escapeHtml(insert);
  if (typeof insert === "number") return String(insert);
  return "html" in insert ? insert.html : insert.map((part) => part.html).join("\n");
}
