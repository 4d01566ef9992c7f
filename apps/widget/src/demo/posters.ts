/** The wall of starters: one typographic poster per item, made of its title alone. */
import type { ItemWords } from "../catalogue/details.ts";
import { widestWord } from "./word-width.ts";

/** Flat colours in `styles/posters.css`; the step is prime to their number, so no two neighbours are alike. */
const toneCount = 9;
const toneStep = 4;
const motifCount = 6;
const motifStep = 5;

export interface PostersOptions {
  readonly list: HTMLUListElement;
  describe(id: string): ItemWords;
  toggle(id: string): void;
}

export interface Posters {
  /** Hangs the wall. */
  show(ids: readonly string[]): void;
  /** Marks what is picked. */
  mark(picked: readonly string[]): void;
}

function createTick(): SVGElement {
  const space = "http://www.w3.org/2000/svg";
  const tick = document.createElementNS(space, "svg");
  tick.setAttribute("class", "tick");
  tick.setAttribute("viewBox", "0 0 16 16");
  tick.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", "m2.5 8.5 3.5 3.5 7.5-8");
  path.setAttribute("fill", "none");
  path.setAttribute("stroke", "currentColor");
  path.setAttribute("stroke-width", "2.25");
  tick.append(path);
  return tick;
}

function createPoster(id: string, index: number, { name, year }: ItemWords): HTMLLIElement {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "poster";
  button.dataset.id = id;
  button.dataset.tone = String((index * toneStep) % toneCount);
  button.dataset.motif = String((index * motifStep) % motifCount);
  button.dataset.length = name.length > 34 ? "long" : name.length > 16 ? "medium" : "short";
  button.style.setProperty("--widest", widestWord(name).toFixed(2));
  button.ariaPressed = "false";
  const title = document.createElement("span");
  title.className = "poster-title";
  title.textContent = name;
  button.append(title);
  if (year !== undefined) {
    const date = document.createElement("span");
    date.className = "poster-year";
    date.textContent = year;
    button.append(" ", date);
  }
  button.append(createTick());
  item.append(button);
  return item;
}

/** A wall without posters yet: the placeholders of the page stay until `show`. */
export function createPosters(options: PostersOptions): Posters {
  const { list } = options;
  let picked: ReadonlySet<string> = new Set();

  function paint(): void {
    for (const button of list.querySelectorAll<HTMLButtonElement>("button")) {
      button.ariaPressed = String(picked.has(button.dataset.id ?? ""));
    }
  }

  list.addEventListener("click", (event) => {
    const id = (event.target as Element).closest("button")?.dataset.id;
    if (id !== undefined) options.toggle(id);
  });

  return {
    show(ids) {
      list.replaceChildren(...ids.map((id, index) => createPoster(id, index, options.describe(id))));
      list.removeAttribute("aria-busy");
      paint();
    },
    mark(ids) {
      picked = new Set(ids);
      paint();
    },
  };
}
