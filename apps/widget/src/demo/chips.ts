/** The picks as chips. Each one is a button that takes its pick back. */
import type { ItemWords } from "../catalogue/details.ts";

export interface ChipsOptions {
  readonly list: HTMLUListElement;
  /** Stands there while nothing is picked. */
  readonly hint: HTMLElement;
  /** Says how many there are: two rows show, the others are a scroll away. */
  readonly count: HTMLElement;
  describe(id: string): ItemWords;
  remove(id: string): void;
  /** Takes the focus when the last chip is gone. */
  readonly fallbackFocus: HTMLElement;
}

/** Returns a function that shows the given picks. */
export function createChips(options: ChipsOptions): (ids: readonly string[]) => void {
  const { list, hint, count } = options;

  function createChip(id: string): HTMLLIElement {
    const { name, label } = options.describe(id);
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "chip";
    button.dataset.id = id;
    button.setAttribute("aria-label", `Remove ${label}`);
    const text = document.createElement("span");
    text.textContent = name;
    const cross = document.createElement("span");
    cross.className = "cross";
    cross.ariaHidden = "true";
    button.append(text, cross);
    item.append(button);
    return item;
  }

  list.addEventListener("click", (event) => {
    const button = (event.target as Element).closest("button");
    const id = button?.dataset.id;
    if (id === undefined) return;
    const place = Array.from(list.querySelectorAll("button")).indexOf(button as HTMLButtonElement);
    options.remove(id);
    const rest = list.querySelectorAll("button");
    (rest[Math.min(place, rest.length - 1)] ?? options.fallbackFocus).focus();
  });

  return (ids) => {
    hint.hidden = ids.length > 0;
    list.hidden = ids.length === 0;
    count.textContent = ids.length === 0 ? "" : String(ids.length);
    const grew = ids.length > list.childElementCount;
    const atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 1;
    list.replaceChildren(...ids.map(createChip));
    // The newest stays in sight, also when the chips only get their titles.
    if (grew || atEnd) list.scrollTop = list.scrollHeight;
  };
}
