/** What to type after `init`, as it is to be typed. */
import type { BadRowReport } from "@attune/data";
import { type BadRowsChoice, countBadRows, neededShare, shareOfBad } from "./bad-rows.ts";

/** Of more bad rows than this share, the file is not what it is taken for. */
const most = 0.5;

/**
 * @param program - `attune`, or how it is started here.
 * @param options - those that were given, to be given again.
 */
export function describeNext(
  program: string,
  { badRows, report, limit }: BadRowsChoice & { readonly report: BadRowReport; readonly limit: number },
  options: readonly (readonly [name: string, value: string | undefined])[],
): string {
  const next = `Next: ${program} quickstart`;
  if (report.badCount === 0) return next;
  const bad = `${countBadRows(report)} cannot be used`;
  if (badRows === "skip") return `${bad} and are left out (data.events.badRows is "skip").\n${next}`;
  const share = shareOfBad(report);
  if (share > most) {
    return `${bad}, and every later step refuses them.\nNext: see whether the file is what init takes it for (format, columns, times), then mend it, or name its columns with --user, --item, --rating, --time and --type`;
  }
  const given = options.flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${quote(value)}`],
  );
  const skip = [
    `${program} init`,
    ...given,
    "--bad-rows skip",
    ...(share > limit ? [`--max-bad-rows ${neededShare(report)}`] : []),
    "--force",
  ];
  return `${bad}, and every later step refuses them.\nNext: mend the file, or leave them out: ${skip.join(" ")}`;
}

/** A word as a shell takes it. */
function quote(word: string): string {
  if (/^[\w./-]+$/.test(word)) return word;
  return /["$`\\!]/.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : `"${word}"`;
}
