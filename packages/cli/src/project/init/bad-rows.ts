/** Rows that cannot be used: how many of which kinds, and whether they are left out or stop the work. */
import { AttuneError } from "@attune/contracts";
import type { BadRowReport } from "@attune/data";
import type { Terminal } from "../../io.ts";
import { cutText, formatCount, formatShare } from "./figures.ts";
import { askBadRows } from "./questions.ts";

export interface BadRowsChoice {
  readonly badRows: "refuse" | "skip";
  /** Share of all rows, where the default is not enough and a person said that more may go. */
  readonly maxBadRows?: number;
}

interface Input {
  readonly path: string;
  readonly report: BadRowReport;
  /** What the command line says; undefined: ask, or refuse. */
  readonly given: "refuse" | "skip" | undefined;
  readonly givenLimit: number | undefined;
  /** That one, or that of a config that says nothing of it. */
  readonly limit: number;
  readonly terminal: Terminal | undefined;
  readonly signal: AbortSignal;
}

/** @throws {AttuneError} `CLI_BAD_ROWS` when more rows would be left out than may be, `CLI_CANCELLED`. */
export async function chooseBadRows(input: Input): Promise<BadRowsChoice> {
  const { path, report, given, givenLimit, limit, terminal, signal } = input;
  const isOver = shareOfBad(report) > limit;
  const own = givenLimit === undefined ? {} : { maxBadRows: givenLimit };
  if (report.badCount === 0) return { badRows: given ?? "refuse", ...own };
  if (given === "refuse") return { badRows: "refuse", ...own };
  if (given === "skip" && !isOver) return { badRows: "skip", ...own };
  const needed = neededShare(report);
  if (given === undefined && terminal === undefined) return { badRows: "refuse", ...own };
  if (terminal === undefined) {
    throw new AttuneError("CLI_BAD_ROWS", {
      path,
      badCount: report.badCount,
      rowCount: report.rowCount,
      limit,
      needed,
      kinds: describeKinds(report),
    });
  }
  const answer = await askBadRows(terminal, {
    problem: `${countBadRows(report)} cannot be used${isOver ? `, more than the limit of ${formatShare(limit, 1)}` : ""}.`,
    skip: isOver ? `Leave them out, and raise the limit to ${formatShare(needed, 1)}` : "Leave them out",
    signal,
  });
  if (answer === "refuse") return { badRows: "refuse", ...own };
  return { badRows: "skip", ...(isOver ? { maxBadRows: needed } : own) };
}

export function countBadRows({ badCount, rowCount }: BadRowReport): string {
  return `${formatCount(badCount)} of ${formatCount(rowCount)} rows (${formatShare(badCount, rowCount)})`;
}

/** A line a kind, with its first example. */
export function describeKinds({ kinds }: BadRowReport): string[] {
  return kinds.map(({ problem, count, examples: [first] }) => {
    const example = first === undefined ? "" : `, such as ${first.place}: ${showText(first.text)}`;
    return `${formatCount(count)}: ${problem}${example}`;
  });
}

/** As it stands in the file, unless a terminal would not show it. */
function showText(text: string): string {
  if (text.trim() === "") return "nothing";
  return cutText(/\p{Cc}/u.test(text) ? JSON.stringify(text) : text);
}

/** Of all rows; 0 without any. */
export function shareOfBad({ badCount, rowCount }: BadRowReport): number {
  return rowCount === 0 ? 0 : badCount / rowCount;
}

/** A limit under which every bad row may go, to two digits: `0.13` for a share of 0.1234. */
export function neededShare({ badCount, rowCount }: BadRowReport): number {
  return Math.ceil((100 * badCount) / rowCount) / 100;
}
