/** The report of the cleaning rules, written as they run. */
import { AttuneError } from "@attune/contracts";
import type { RuleReport } from "@attune/contracts/manifest";
import type { OnPrepareEvent } from "../prepare-event.ts";

export class RuleLog {
  readonly reports: RuleReport[] = [];
  #scope: RuleReport["scope"] = "raw";
  #rows: number;
  readonly #onEvent: OnPrepareEvent;

  /** @param rows - raw rows before the first rule. */
  constructor(rows: number, onEvent: OnPrepareEvent) {
    this.#rows = rows;
    this.#onEvent = onEvent;
  }

  /** Rows after the last rule. */
  get rows(): number {
    return this.#rows;
  }

  /** The rules that follow look at other rows: `rows` of them. */
  begin(scope: RuleReport["scope"], rows: number): void {
    this.#scope = scope;
    this.#rows = rows;
  }

  /**
   * Adds a row to the report.
   *
   * @throws {AttuneError} `DATA_EMPTY` when the rule left nothing, with the report so far.
   */
  add(rule: string, rowsAfter: number, note?: string): void {
    const report: RuleReport = {
      rule,
      scope: this.#scope,
      rowsBefore: this.#rows,
      rowsAfter,
      ...(note === undefined ? {} : { note }),
    };
    this.reports.push(report);
    this.#onEvent({ type: "rule", report });
    if (rowsAfter === 0) {
      throw new AttuneError("DATA_EMPTY", {
        rule,
        rowsBefore: this.#rows,
        report: this.reports.map(
          (r) =>
            `${r.rule}${r.scope === "raw" ? "" : ` of ${r.scope}`}: ${r.rowsBefore} → ${r.rowsAfter}${r.note ? ` (${r.note})` : ""}`,
        ),
      });
    }
    this.#rows = rowsAfter;
  }
}
