/** The cases in words: for `--list`, and as the table of a page. */
import type { Case } from "../cases/case.ts";
import { documents } from "../cases/documents.ts";
import { groupNames, groups } from "../cases/groups.ts";

export function formatCaseList(cases: readonly Case[]): string {
  const width = Math.max(...cases.map(({ id }) => id.length));
  const parts = groupNames
    .map((group) => ({ group, own: cases.filter((one) => one.group === group) }))
    .filter(({ own }) => own.length > 0)
    .map(({ group, own }) => {
      const lines = own.map(({ id, level, title }) => `  ${id.padEnd(width)}  ${level.padEnd(6)}  ${title}`);
      return [`${groups[group].title} (--only ${group})`, ...lines].join("\n");
    });
  return `${parts.join("\n\n")}\n`;
}

/** A table of markdown for each group, under headings of the second level. */
export function caseTables(cases: readonly Case[]): string {
  return groupNames
    .map((group) => {
      const rows = cases.filter((one) => one.group === group).map(row);
      return [
        `## ${groups[group].title}`,
        "",
        "| case | level | passes when | written in |",
        "|---|---|---|---|",
        ...rows,
      ].join("\n");
    })
    .join("\n\n");
}

function row({ id, level, title, spec, says, note }: Case): string {
  const { title: document, url } = documents[spec.document];
  const remark = note === undefined ? "" : ` *${note}*`;
  const cells = [`\`${id}\``, level, `${title}.${remark}`, `[${document}](${url}), ${spec.section}: ${says}`];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
