/** Counts bad rows by kind and keeps the first of each: a few numbers, however long the file is. */
import type { FileDefect } from "../text-file/defects.ts";

/** Rows shown of each kind. */
export const shownRows = 10;

export interface TalliedRow {
  readonly line: number;
  readonly text: string;
}

export class DefectTally {
  #count = 0;
  readonly #byKind = new Map<FileDefect, { count: number; examples: TalliedRow[] }>();

  /** Rows of every kind. */
  get count(): number {
    return this.#count;
  }

  /** @param excerpt - asked for the rows that are shown. */
  add(kind: FileDefect, line: number, excerpt: () => string): void {
    this.#count++;
    const found = this.#byKind.get(kind) ?? { count: 0, examples: [] };
    this.#byKind.set(kind, found);
    found.count++;
    if (found.examples.length < shownRows) found.examples.push({ line, text: excerpt() });
  }

  countOf(kind: FileDefect): number {
    return this.#byKind.get(kind)?.count ?? 0;
  }

  examplesOf(kind: FileDefect): readonly TalliedRow[] {
    return this.#byKind.get(kind)?.examples ?? [];
  }
}
