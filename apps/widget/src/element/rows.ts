/** The list itself: rows that stay the same nodes while their item stays, and move instead of jumping. */
import type { ItemWords } from "../catalogue/details.ts";

/** One row to show. */
export interface Row {
  readonly id: string;
  readonly words: ItemWords;
  readonly score: number;
}

export interface RowOptions {
  /** Label of the row's button; without it rows are plain text. */
  readonly select?: (label: string) => string;
  readonly scores: boolean;
  /** Rows move to their new place over this many milliseconds; 0 when the reader asked for less motion. */
  readonly moveMs: number;
}

/**
 * Scores of one list for reading: the same number of decimals in each, so that a column of them lines up.
 * Whole numbers stay whole; otherwise the largest has four significant digits.
 */
export function formatScores(scores: readonly number[]): readonly string[] {
  const finite = scores.filter(Number.isFinite);
  const largest = Math.max(...finite.map(Math.abs), 0);
  if (largest !== 0 && (largest < 1e-3 || largest >= 1e7)) {
    return scores.map((score) => (Number.isFinite(score) ? score.toExponential(2) : "–"));
  }
  const isWhole = finite.every(Number.isInteger);
  const decimals = isWhole ? 0 : Math.min(Math.max(3 - Math.floor(Math.log10(largest || 1)), 0), 6);
  return scores.map((score) => (Number.isFinite(score) ? score.toFixed(decimals) : "–"));
}

function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  className: string,
  text = "",
): HTMLElementTagNameMap[K] {
  const node = document.createElement(name);
  node.className = className;
  node.setAttribute("part", className);
  node.textContent = text;
  return node;
}

function createRow(row: Row, options: RowOptions): HTMLLIElement {
  const item = document.createElement("li");
  item.setAttribute("part", "item");
  item.dataset.id = row.id;
  const words = element("div", "words");
  const title = element(
    options.select === undefined ? "span" : "button",
    options.select === undefined ? "title" : "title pick",
    row.words.name,
  );
  if (title instanceof HTMLButtonElement) title.type = "button";
  words.append(title);
  if (row.words.year !== undefined) words.append(" ", element("span", "year", row.words.year));
  if (row.words.note !== "") words.append(element("span", "meta", row.words.note));
  item.append(words);
  if (options.scores) item.append(element("span", "score"));
  return item;
}

function focusedIn(list: HTMLOListElement): HTMLElement | undefined {
  const root = list.getRootNode();
  const focused = root instanceof ShadowRoot ? root.activeElement : null;
  return focused instanceof HTMLElement && list.contains(focused) ? focused : undefined;
}

/**
 * Makes `list` show `rows`, in order. A row whose item was there before keeps its node (and with it the focus)
 * and slides to its place; a new one fades in.
 */
export function renderRows(list: HTMLOListElement, rows: readonly Row[], options: RowOptions): void {
  const before = new Map<string, { node: HTMLLIElement; top: number }>();
  for (const node of list.querySelectorAll("li")) {
    before.set(node.dataset.id ?? "", { node, top: node.getBoundingClientRect().top });
  }
  const hadRows = before.size > 0;
  const scores = formatScores(rows.map((row) => row.score));
  const nodes = rows.map((row, index) => {
    const node = before.get(row.id)?.node ?? createRow(row, options);
    const score = node.querySelector(".score");
    if (score !== null) score.textContent = scores[index] ?? "";
    const label = options.select?.(row.words.label);
    if (label !== undefined) node.querySelector("button")?.setAttribute("aria-label", label);
    return node;
  });
  const focused = focusedIn(list);
  const place = Array.from(list.children).findIndex((row) => row.contains(focused ?? null));
  list.replaceChildren(...nodes);
  // Taking a node out drops its focus, also when it comes back; a row that is gone hands it to its successor.
  if (focused !== undefined && list.contains(focused)) focused.focus({ preventScroll: true });
  else if (place >= 0) nodes[Math.min(place, nodes.length - 1)]?.querySelector("button")?.focus();
  if (!hadRows || options.moveMs === 0) return;
  for (const node of nodes) {
    const old = before.get(node.dataset.id ?? "");
    const moved = old === undefined ? 0 : old.top - node.getBoundingClientRect().top;
    if (old !== undefined && moved === 0) continue;
    node.animate(
      old === undefined
        ? [{ opacity: 0 }, { opacity: 1 }]
        : [{ transform: `translateY(${moved}px)` }, { transform: "none" }],
      { duration: options.moveMs, easing: "cubic-bezier(0.2, 0.8, 0.2, 1)" },
    );
  }
}
