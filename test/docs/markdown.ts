/** The markdown files of the repository, and what a reader finds in them. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");

export interface MarkdownPage {
  /** Relative to the repository, with `/`. */
  readonly file: string;
  readonly text: string;
}

/** Those that people write or `pnpm generate:docs` does; nothing of an installation, a build or a training. */
export function markdownPages(): readonly MarkdownPage[] {
  const files = globSync(["*.md", "{apps,bench,docs,examples,fixtures,packages,test}/**/*.md"], {
    cwd: root,
    exclude: (name) => /(^|[\\/])(node_modules|dist|\.attune)$/.test(name),
  });
  return files
    .map((file) => file.replaceAll("\\", "/"))
    .sort()
    .map((file) => ({ file, text: readFileSync(path.join(root, file), "utf8") }));
}

/** Text outside blocks of code. */
export function proseOf(text: string): string {
  return text.replace(/^```[\s\S]*?^```$/gm, "").replace(/^ {4}.*$/gm, "");
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const headings = text.replace(/^```[\s\S]*?^```$/gm, "").matchAll(/^#+ (.+)$/gm);
  return new Set([...headings].map(([, heading = ""]) => toAnchor(heading)));
}

function toAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}

/** Lines of blocks of code, and code within sentences, each as it stands. */
export function codeOf(text: string): readonly string[] {
  const fenced = [...text.matchAll(/^```.*\n([\s\S]*?)^```$/gm)].flatMap(([, body = ""]) => body.split("\n"));
  const indented = [...text.matchAll(/^ {4}(\S.*)$/gm)].map(([, line = ""]) => line);
  const inline = [...proseOf(text).matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code.replace(/\s+/g, " "));
  return [...fenced, ...indented, ...inline].map((line) => line.trim()).filter(Boolean);
}
