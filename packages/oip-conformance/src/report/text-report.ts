/** The report for people: a table by group, then what did not pass, then the verdict. */
import { documents } from "../cases/documents.ts";
import { groupNames, groups } from "../cases/groups.ts";
import { type Colour, createPaint, type Paint } from "./paint.ts";
import { countOutcomes, type Outcome, outcomes, type Report, type Result } from "./report.ts";

const headings: Readonly<Record<Outcome, string>> = {
  passed: "passed",
  failed: "failed",
  warned: "warnings",
  noted: "notes",
  skipped: "skipped",
};

/** Of many requests of one case, those shown. */
const maxExchanges = 3;

/** @param options.isColoured - whether a terminal reads it. */
export function formatReport(report: Report, { isColoured }: { readonly isColoured: boolean }): string {
  const paint = createPaint(isColoured);
  const ofOutcome = (outcome: Outcome) => report.results.filter((result) => result.outcome === outcome);
  const parts = [
    heading(report),
    table(report.results, paint),
    ...section("Failures", ofOutcome("failed"), "red", paint),
    ...section("Warnings", ofOutcome("warned"), "yellow", paint),
    ...section("Notes", ofOutcome("noted"), "dim", paint),
    ...skips(ofOutcome("skipped"), paint),
    verdict(report, paint),
  ];
  return `${parts.join("\n\n")}\n`;
}

function heading({ url, server, models }: Report): string {
  const name = server === undefined ? "no metadata" : `${server.name} ${server.version}`;
  const lines = [`Open Inference Protocol v2 at ${url}: ${name}`];
  for (const { name, version, request, noRequestBecause } of models) {
    const which = version === undefined ? name : `${name}, version ${version}`;
    lines.push(`  model ${which}: ${request === "none" ? noRequestBecause : `${request} request`}`);
  }
  return lines.join("\n");
}

function table(results: readonly Result[], paint: Paint): string {
  const shown = groupNames.filter((group) => results.some((result) => result.group === group));
  const rows = shown.map((group) =>
    row(
      groups[group].title,
      results.filter((one) => one.group === group),
    ),
  );
  const all = [["", ...outcomes.map((outcome) => headings[outcome])], ...rows, row("All", results)];
  const widths = all[0]!.map((_, at) => Math.max(...all.map((cells) => cells[at]!.length)));
  const lines = all.map((cells) =>
    cells
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)))
      .join("  ")
      .trimEnd(),
  );
  return [paint("bold", lines[0]!), ...lines.slice(1)].join("\n");
}

function row(title: string, results: readonly Result[]): string[] {
  const counts = countOutcomes(results);
  return [title, ...outcomes.map((outcome) => (counts[outcome] === 0 ? "·" : String(counts[outcome])))];
}

function section(title: string, results: readonly Result[], colour: Colour, paint: Paint): readonly string[] {
  if (results.length === 0) return [];
  return [
    paint(colour, `${title} (${results.length})`),
    ...results.map((result) => details(result, colour, paint)),
  ];
}

function details(
  { id, title, model, problems, exchanges, spec, note }: Result,
  colour: Colour,
  paint: Paint,
): string {
  const lines = [`${paint(colour, id)}${model === undefined ? "" : ` (${model})`}: ${title}`];
  for (const { level, expected, got } of problems) {
    lines.push(`  ${level}: ${expected}`, `  came: ${got}`);
  }
  for (const { curl, answer } of exchanges.slice(0, maxExchanges)) {
    lines.push(paint("dim", `  $ ${curl}`), paint("dim", `  → ${answer}`));
  }
  const more = exchanges.length - maxExchanges;
  if (more > 0) lines.push(paint("dim", `  and ${more} more requests, all in --json`));
  lines.push(`  spec: ${documents[spec.document].title}, ${spec.section}`, `        ${spec.url}`);
  if (note !== undefined) lines.push(`  note: ${note}`);
  return lines.join("\n");
}

/** One line a reason: they come in dozens. */
function skips(results: readonly Result[], paint: Paint): readonly string[] {
  if (results.length === 0) return [];
  const reasons = new Map<string, string[]>();
  for (const { id, skippedBecause } of results) {
    reasons.set(skippedBecause!, [...(reasons.get(skippedBecause!) ?? []), id]);
  }
  const lines = [...reasons].map(([why, ids]) => {
    const names =
      ids.length > 3 ? `${ids.slice(0, 3).join(", ")} and ${ids.length - 3} more` : ids.join(", ");
    return `  ${why}: ${names}`;
  });
  return [[paint("dim", `Skipped (${results.length})`), ...lines].join("\n")];
}

function verdict({ counts, conforms }: Report, paint: Paint): string {
  if (!conforms) return paint("red", `Does not conform: ${counts.failed} of what it must do fail.`);
  const unasked = counts.skipped === 0 ? "" : ` ${counts.skipped} cases were not asked.`;
  return `${paint("green", "Conforms")}: nothing that it must do fails.${unasked}`;
}
