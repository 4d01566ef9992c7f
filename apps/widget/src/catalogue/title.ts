/** Titles as a person writes them, from titles as catalogues sort them. Pure; any file of the widget may import it. */

/** A title in its parts. */
export interface TitleParts {
  /** `"The Matrix"` */
  readonly name: string;
  /** Names in brackets after the title: `"La Cité des enfants perdus"`, `"a.k.a. Se7en"`. */
  readonly others: readonly string[];
  /** `"1999"` or `"2016–2018"`; absent when the title does not end in a year in brackets. */
  readonly year?: string;
}

// Articles that catalogues move behind a comma, in the languages their titles come in.
const articles =
  "The|A|An|La|Le|Les|L'|L’|El|Los|Las|Lo|Il|Gli|I|Un|Une|Una|Der|Die|Das|Ein|Eine|Den|Det|En|Ett|De|Het|Een|O|Os|As|Um|Uma";
const trailingArticle = new RegExp(`^(.+), (${articles})$`, "i");
const trailingYear = /^(.*\S)\s*\((\d{4}(?:[-–](?:\d{4})?)?)\)$/;
const trailingBrackets = /^(.*\S)\s*\(([^()]+)\)$/;
const knownAs = /^(a\.?k\.?a\.?)\s+/i;

function moveArticle(text: string): string {
  const match = trailingArticle.exec(text.trim());
  if (match === null) return text.trim().replaceAll(" - ", " – ");
  const [, name = "", article = ""] = match;
  return moveArticle(/['’]$/.test(article) ? `${article}${name}` : `${article} ${name}`);
}

/**
 * Splits a title into name, other names and year, puts a trailing article back in front and sets dashes as dashes.
 *
 * `"City of Lost Children, The (Cité des enfants perdus, La) (1995)"` becomes the name `"The City of Lost Children"`,
 * the other name `"La Cité des enfants perdus"` and the year `"1995"`. A title of any other form is its own name.
 */
export function splitTitle(title: string): TitleParts {
  let rest = title.trim();
  let year: string | undefined;
  const dated = trailingYear.exec(rest);
  if (dated?.[1] !== undefined && dated[2] !== undefined) {
    rest = dated[1];
    year = dated[2].replace("-", "–");
  }
  const others: string[] = [];
  for (;;) {
    const bracketed = trailingBrackets.exec(rest);
    if (bracketed?.[1] === undefined || bracketed[2] === undefined) break;
    rest = bracketed[1];
    const prefix = knownAs.exec(bracketed[2])?.[0] ?? "";
    others.unshift(prefix + moveArticle(bracketed[2].slice(prefix.length)));
  }
  const parts = { name: moveArticle(rest), others };
  return year === undefined ? parts : { ...parts, year };
}

/** The title in one line: `"Matrix, The (1999)"` → `"The Matrix (1999)"`. */
export function tidyTitle(title: string): string {
  const { name, others, year } = splitTitle(title);
  return [name, ...[...others, ...(year === undefined ? [] : [year])].map((part) => `(${part})`)].join(" ");
}
