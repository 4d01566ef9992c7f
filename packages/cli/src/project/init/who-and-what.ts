/** The two columns without which there is nothing to learn: who and what. By name, by option, or by asking. */
import { AttuneError } from "@attune/contracts";
import type { FileSample } from "@attune/data";
import type { Terminal } from "../../io.ts";
import { cutText } from "./figures.ts";
import type { Choice, Guess } from "./guess.ts";
import { askColumn } from "./questions.ts";
import { type Candidate, listCandidates, type Role, roles } from "./roles.ts";

/** Columns that were named by options. */
export type NamedColumns = Readonly<Partial<Record<Role, string>>>;

const asked = ["user", "item"] as const;
type AskedRole = (typeof asked)[number];

export interface WhoAndWhat {
  readonly user: Choice;
  readonly item: Choice;
  readonly guesses: readonly Guess[];
}

interface Input {
  readonly path: string;
  readonly sample: FileSample;
  readonly named: NamedColumns;
  /** Absent where nobody can answer. */
  readonly terminal: Terminal | undefined;
  readonly signal: AbortSignal;
}

/**
 * @throws {AttuneError} `CLI_COLUMNS` with every column that cannot be told or does not exist, `DATA_NO_HEADER` when the
 * first line is a row, `CLI_CANCELLED`.
 */
export async function chooseWhoAndWhat(input: Input): Promise<WhoAndWhat> {
  const { sample, named, terminal, signal } = input;
  const found = sample.columns.map(({ name }) => name);
  const candidates = findCandidates(named, found);
  refuseOpen(input, found, candidates);
  const isSure = (role: AskedRole) => candidates[role]?.isSure === true;
  const taken = new Set(Object.values(named));
  for (const role of asked.filter(isSure)) taken.add(candidates[role]!.column);
  const guesses: Guess[] = [];
  const choices = {} as Record<AskedRole, Choice>;
  for (const role of asked) {
    const guess = candidates[role]?.column ?? found.find((column) => !taken.has(column));
    if (isSure(role)) {
      choices[role] = { column: guess!, why: named[role] === undefined ? "its name" : `--${role}` };
    } else if (terminal !== undefined) {
      const columns = sample.columns.filter(({ name }) => !taken.has(name));
      const column = await askColumn(terminal, { role, columns, guess, signal });
      choices[role] = { column, why: "your answer" };
    } else {
      choices[role] = { column: guess!, why: "its name, a guess" };
      guesses.push(describeUnsure(role, guess!));
    }
    taken.add(choices[role].column);
    guesses.push(...describeOddIds(role, choices[role].column, sample));
  }
  return { ...choices, guesses };
}

function findCandidates(
  named: NamedColumns,
  found: readonly string[],
): Readonly<Partial<Record<AskedRole, Candidate>>> {
  const taken = new Set(Object.values(named));
  const candidates: Partial<Record<AskedRole, Candidate>> = {};
  for (const role of asked) {
    const name = named[role];
    const candidate =
      name === undefined
        ? listCandidates(role, found).find(({ column }) => !taken.has(column))
        : { column: name, isSure: true };
    if (candidate === undefined) continue;
    candidates[role] = candidate;
    taken.add(candidate.column);
  }
  return candidates;
}

/** Refuses names that do not fit, and, where nobody can be asked, roles without a candidate. */
function refuseOpen(
  { path, sample, named, terminal }: Input,
  found: readonly string[],
  candidates: Readonly<Partial<Record<AskedRole, Candidate>>>,
): void {
  const open = asked.filter((role) => candidates[role] === undefined);
  if (open.length === asked.length && !sample.hasHeader) {
    throw new AttuneError("DATA_NO_HEADER", {
      path,
      expected: ["user_id", "item_id"],
      firstLine: found.join(",").slice(0, 200),
    });
  }
  const unknown = terminal === undefined ? open.map(describeOpen(found)) : [];
  const issues = [...checkNamed(named, found), ...unknown];
  if (issues.length > 0) throw new AttuneError("CLI_COLUMNS", { path, issues, found });
}

function describeUnsure(role: AskedRole, column: string): Guess {
  return {
    setting: `data.events.columns.${role}`,
    value: column,
    text: `${column} is taken as the ${role} (no column is called like one); name another with --${role} COLUMN`,
  };
}

/** Values that are ids by a text which no request would think of: objects, lists, whole numbers written as decimals. */
function describeOddIds(role: AskedRole, column: string, { columns }: FileSample): Guess[] {
  const { sample } = columns.find(({ name }) => name === column)!;
  const isNested = /^(\{.*\}|\[.*\])$/s.test(sample);
  if (!isNested && !/^\d+\.0+$/.test(sample)) return [];
  const what = isNested ? "lists or objects" : "decimal numbers";
  const text = `${column} holds ${what}, such as ${cutText(sample)}, and just this text is taken as the ${role}'s id; give the file a column of plain ids if others ask by another`;
  return [{ setting: `data.events.columns.${role}`, value: column, text }];
}

function checkNamed(named: NamedColumns, found: readonly string[]): string[] {
  const pairs = roles.flatMap((role) => (named[role] === undefined ? [] : [[role, named[role]] as const]));
  const missing = pairs.filter(([, column]) => !found.includes(column));
  const twice = pairs.filter(([role, column]) =>
    pairs.some(([other, name]) => other !== role && name === column),
  );
  return [
    ...missing.map(([role, column]) => `--${role} ${column}: there is no such column`),
    ...twice.map(([role, column]) => `--${role} ${column}: another role has this column`),
  ];
}

function describeOpen(found: readonly string[]): (role: Role) => string {
  const [only = ""] = found;
  const other = [";", "|", "\t"].find((separator) => found.length === 1 && only.includes(separator));
  const hint =
    other === undefined
      ? ""
      : `; its one column holds ${JSON.stringify(other)}: separate the columns by commas (.csv) or tabs (.tsv)`;
  return (role) => `no column looks like the ${role}${hint}`;
}
