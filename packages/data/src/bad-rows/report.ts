/** What is told of rows that cannot be used: how many of each kind, and the first of them. */
import type { BadRowKind } from "./kinds.ts";

export interface BadRowExample {
  /** A given split's file, as the config names it; absent for the events file itself. */
  readonly file?: string;
  /** The line in the file as an editor shows it (the header is line 1); of Parquet the row, from 1. */
  readonly line: number;
  /** Where it is, for people: `line 18`, `validation.csv line 2`, `row 5`. */
  readonly place: string;
  /** The column whose value is meant; absent where the row itself is broken. */
  readonly column?: string;
  /** The beginning of the value or the row; a longer one ends in `…`. */
  readonly text: string;
  /** Rows with this value, where examples are values: of event types and roles of a split. */
  readonly count?: number;
}

export interface BadRowCount {
  readonly kind: BadRowKind;
  /** What is wrong with them, and what was expected. */
  readonly problem: string;
  readonly count: number;
  /** The first ten; of event types and roles of a split, the ten most frequent values at their first row. */
  readonly examples: readonly BadRowExample[];
}

export interface BadRowReport {
  /** Rows of all files of events, good and bad; a header and blank lines are none. */
  readonly rowCount: number;
  /** The sum over `kinds`: a row counts once, under its first kind. */
  readonly badCount: number;
  /** Rows without a user or an item. They are not bad: the rule "missing ids" drops them. */
  readonly missingIds: number;
  /** Kinds that occur, in the order of their checks. */
  readonly kinds: readonly BadRowCount[];
}
