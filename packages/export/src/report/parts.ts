/** Small pieces that several sections share: tables, interval bars, sections. */
import type { Estimate } from "@attune/contracts/manifest";
import { type Html, html } from "./html.ts";
import { formatShare } from "./numbers.ts";

export interface Column {
  readonly title: string;
  /** Right-aligned, digits of one width. */
  readonly numeric?: true;
}

export interface TableOptions {
  /** On a narrow screen each row becomes a card, with the column's title before each value. */
  readonly cards?: boolean;
}

/** A table that scrolls by itself where the page is narrower. The first cell of a row is its header. */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Html[])[],
  { cards = false }: TableOptions = {},
): Html {
  const classOf = (column: Column | undefined) => (column?.numeric ? html` class="n"` : undefined);
  const head = columns.map(
    (column) => html`<th role="columnheader" scope="col"${classOf(column)}>${column.title}</th>`,
  );
  const body = rows.map(([first, ...rest]) => {
    const others = rest.map((cell, index) => {
      const column = columns[index + 1];
      return html`<td role="cell" data-title="${column?.title ?? ""}"${classOf(column)}>${cell}</td>`;
    });
    return html`<tr role="row"><th role="rowheader" scope="row">${first}</th>${others}</tr>`;
  });
  // Roles are spelled out because a table laid out as cards would lose them.
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table role="table"${cards && html` class="cards"`}>
<caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${head}</tr></thead>
<tbody role="rowgroup">
${body}
</tbody>
</table></div>`;
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The span that holds every figure, every interval and the values in `also`, with a little room at both ends. */
export function spanOf(estimates: readonly Estimate[], also: readonly number[] = []): Span {
  const ends = estimates.flatMap(({ value, interval }) => [
    value,
    ...(interval ? [interval.lower, interval.upper] : []),
  ]);
  const from = Math.min(...also, ...ends);
  const to = Math.max(...also, ...ends);
  const room = to > from ? 0.03 * (to - from) : 1;
  return { from: from - room, to: to + room };
}

/**
 * A figure as a tick, with its interval as a bar where it has one, and a line at 0 where the span has it; the numbers
 * stand above.
 */
export function intervalBar({ value, interval }: Estimate, { from, to }: Span): Html {
  const at = (x: number) => `${((100 * (x - from)) / (to - from)).toFixed(2)}%`;
  const range = interval && {
    left: at(interval.lower),
    width: `${((100 * (interval.upper - interval.lower)) / (to - from)).toFixed(2)}%`,
  };
  return html`<span class="interval" aria-hidden="true">${from <= 0 && to >= 0 && html`<i class="zero" style="left:${at(0)}"></i>`}${range && html`<i class="range" style="left:${range.left};width:${range.width}"></i>`}<i class="value" style="left:${at(value)}"></i></span>`;
}

/** A part of a whole: the number and a bar. */
export function shareCell(share: number): Html {
  return html`<span class="part"><span>${formatShare(share)}</span><span class="share" aria-hidden="true"><i style="width:${(100 * share).toFixed(2)}%"></i></span></span>`;
}

export interface SectionOptions {
  readonly id: string;
  readonly title: string;
  /** What the section says, in a sentence or two. */
  readonly lead: Html | string;
}

export function section(
  { id, title, lead }: SectionOptions,
  ...content: readonly (Html | undefined)[]
): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
<p class="lead">${lead}</p>
${content.filter((part) => part !== undefined)}
</section>`;
}

export function figure(drawing: Html, caption: string): Html {
  return html`<figure><figcaption>${caption}</figcaption>${drawing}</figure>`;
}

export function details(summary: string, content: Html): Html {
  return html`<details><summary>${summary}</summary>${content}</details>`;
}
