/** The element's shadow tree: built once, then only changed. */
import type { Recommendation, WireError } from "@attune/contracts";
import type { LoadProgress } from "../artifact/open.ts";
import { describeItem, type ItemDirectory } from "../catalogue/details.ts";
import { formatBytes } from "./bytes.ts";
import { renderRows } from "./rows.ts";
import { elementStyles } from "./styles.ts";
import type { Words } from "./words.ts";

/** Where the answer stands, as far as the tree shows it. */
export type ViewState =
  | { readonly phase: "waiting" | "ready" }
  | { readonly phase: "loading"; readonly progress?: LoadProgress }
  | { readonly phase: "failed"; readonly error: WireError };

/** Everything the tree shows. */
export interface ViewModel {
  readonly state: ViewState;
  /** The newest answer; stays while the next one or another model is on its way. */
  readonly answer?: Recommendation;
  readonly directory: ItemDirectory;
  readonly words: Words;
  readonly heading: string;
  readonly k: number;
  readonly selectable: boolean;
  readonly scores: boolean;
}

export interface View {
  update(model: ViewModel): void;
  /** Says one sentence through the live region. */
  say(sentence: string): void;
}

export interface ViewHandlers {
  retry(): void;
  select(id: string): void;
}

const template = `
<slot name="heading"><h2 part="heading"></h2></slot>
<p class="note" part="note"></p>
<div class="body" tabindex="-1">
  <div class="loading" part="loading" hidden><p></p><progress part="progress"></progress></div>
  <div class="failed" part="error" hidden>
    <p class="what"></p><p class="why"></p><button class="retry" part="retry" type="button"></button>
  </div>
  <p class="empty" part="empty" hidden><slot name="empty"></slot></p>
  <div class="ghosts" aria-hidden="true" hidden></div>
  <ol part="list" hidden></ol>
</div>
<div class="said" role="status"></div>
`;

let sheet: CSSStyleSheet | undefined;

function sharedSheet(): CSSStyleSheet {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(elementStyles);
  }
  return sheet;
}

/** Placeholders while the list is on its way: enough for a screen. */
const maxGhosts = 24;

const moveMs = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 320);

/** Fills `root` and returns the only two ways to change it. */
export function createView(root: ShadowRoot, handlers: ViewHandlers): View {
  root.adoptedStyleSheets = [sharedSheet()];
  root.innerHTML = template;
  const find = <E extends HTMLElement>(selector: string): E => root.querySelector<E>(selector)!;
  const heading = find("h2");
  const note = find(".note");
  const loading = find(".loading");
  const loadingText = find(".loading p");
  const progress = find<HTMLProgressElement>("progress");
  const failed = find(".failed");
  const retry = find<HTMLButtonElement>(".retry");
  const empty = find(".empty");
  const ghosts = find(".ghosts");
  const list = find<HTMLOListElement>("ol");
  const said = find(".said");

  retry.addEventListener("click", () => {
    // The button is about to go; the focus must not fall out of the element.
    find(".body").focus({ preventScroll: true });
    handlers.retry();
  });
  list.addEventListener("click", (event) => {
    const button = (event.target as Element).closest(".pick");
    const id = button?.closest("li")?.dataset.id;
    if (id !== undefined) handlers.select(id);
  });

  function showGhosts(count: number): void {
    if (ghosts.childElementCount === count) return;
    ghosts.replaceChildren(
      ...Array.from({ length: count }, (_, index) => {
        const ghost = document.createElement("div");
        ghost.className = "ghost";
        const bar = document.createElement("i");
        bar.style.setProperty("--w", `${45 + ((index * 37) % 40)}%`);
        ghost.append(bar);
        return ghost;
      }),
    );
  }

  function showProgress({ state, words }: ViewModel): void {
    const report = state.phase === "loading" ? state.progress : undefined;
    const total = report?.totalBytes;
    const done = report !== undefined && total !== undefined && report.loadedBytes >= total;
    const amount =
      report === undefined
        ? ""
        : `: ${words.progress(formatBytes(report.loadedBytes), total === undefined ? undefined : formatBytes(total))}`;
    loadingText.textContent = done ? words.preparing : `${words.loading}${amount}`;
    progress.setAttribute("aria-label", words.loading);
    if (report === undefined || total === undefined || done) progress.removeAttribute("value");
    else {
      progress.max = total;
      progress.value = report.loadedBytes;
    }
  }

  function showList(model: ViewModel): void {
    const { answer, directory, words } = model;
    if (answer === undefined) return;
    const rows = answer.ids.map((id, index) => ({
      id,
      words: describeItem(id, directory),
      score: answer.scores[index] ?? Number.NaN,
    }));
    renderRows(list, rows, {
      ...(model.selectable && { select: words.select }),
      scores: model.scores,
      moveMs: moveMs(),
    });
  }

  let shape = "";
  let directory: ItemDirectory | undefined;
  return {
    update(model) {
      const { state, answer, words } = model;
      heading.textContent = model.heading;
      const isFailed = state.phase === "failed";
      const isWaiting = answer === undefined && !isFailed;
      const isEmpty = answer !== undefined && answer.ids.length === 0 && !isFailed;
      note.textContent =
        answer === undefined || isFailed ? "" : answer.source === "model" ? words.personal : words.fallback;
      loading.hidden = !(isWaiting && state.phase === "loading");
      if (!loading.hidden) showProgress(model);
      failed.hidden = !isFailed;
      if (isFailed) {
        find(".what").textContent = words.failed;
        find(".why").textContent = words.reason(state.error);
        retry.textContent = words.retry;
      }
      empty.hidden = !isEmpty;
      const slot = find<HTMLSlotElement>("slot[name=empty]");
      if (isEmpty && slot.assignedNodes().length === 0) slot.textContent = words.empty;
      ghosts.hidden = !isWaiting;
      if (isWaiting) showGhosts(Math.min(model.k, maxGhosts));
      list.hidden = answer === undefined || isFailed || isEmpty;
      // Rows are reused by id: another look or another directory must build them anew.
      const nextShape = `${model.selectable} ${model.scores}`;
      if (nextShape !== shape || model.directory !== directory) list.replaceChildren();
      shape = nextShape;
      directory = model.directory;
      showList(model);
    },
    say(sentence) {
      said.textContent = sentence;
    },
  };
}
