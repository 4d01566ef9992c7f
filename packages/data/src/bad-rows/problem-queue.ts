/** Numbers of bad rows as the engine streams them, taken one by one. */
import type { ColumnBatch } from "../engine/engine.ts";

export class ProblemQueue {
  readonly #batches: AsyncIterator<ColumnBatch>;
  #rows: number[] = [];
  #problems: number[] = [];
  #next = 0;
  #isDone = false;

  /** @param batches - rising row numbers, and the problem of each. */
  constructor(batches: AsyncIterable<ColumnBatch>) {
    this.#batches = batches[Symbol.asyncIterator]();
  }

  /** Makes sure that every row up to `row` is at hand. */
  async fill(row: number): Promise<void> {
    this.#rows = this.#rows.slice(this.#next);
    this.#problems = this.#problems.slice(this.#next);
    this.#next = 0;
    while (!this.#isDone && (this.#rows.at(-1) ?? 0) < row) {
      const { value, done } = await this.#batches.next();
      if (done) this.#isDone = true;
      else this.#add(value);
    }
  }

  #add({ rowCount, columns: [rows, problems] }: ColumnBatch): void {
    for (let at = 0; at < rowCount; at++) {
      this.#rows.push(Number(rows!.data[at]));
      this.#problems.push(Number(problems!.data[at]));
    }
  }

  /** The problem of a row, 0 for none. To be asked in rising order, behind `fill`. */
  take(row: number): number {
    return this.#rows[this.#next] === row ? this.#problems[this.#next++]! : 0;
  }
}
