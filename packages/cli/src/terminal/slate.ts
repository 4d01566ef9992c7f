/** A slate as a table: rank, title when known, id, score. */
import type { ItemDetails, Recommendation } from "@attune/contracts";
import Table from "cli-table3";

export function slateTable(answer: Recommendation, items: readonly ItemDetails[] | undefined): string {
  const titles = new Map(items?.map(({ id, title }) => [id, title]));
  const table = new Table({
    head: items === undefined ? ["#", "id", "score"] : ["#", "title", "id", "score"],
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  answer.ids.forEach((id, index) => {
    const score = answer.scores[index]!.toPrecision(5);
    table.push(items === undefined ? [index + 1, id, score] : [index + 1, titles.get(id) ?? "", id, score]);
  });
  return table.toString();
}
