/**
 * A search field with a list of suggestions, after the ARIA combobox pattern (list autocomplete; the first match is
 * active while one types).
 *
 * @see https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
 */
import type { ItemWords } from "../catalogue/details.ts";

export interface ComboboxOptions {
  readonly input: HTMLInputElement;
  /** `role="listbox"`; its id is the base of the options' ids. */
  readonly listbox: HTMLElement;
  /** Shown instead of the list when nothing matches. */
  readonly nothing: HTMLElement;
  /** Ids for what was typed, best first. */
  search(query: string): readonly string[];
  describe(id: string): ItemWords;
  pick(id: string): void;
  /** Says how many there are. */
  announce(count: number): void;
}

/** Wires the field to its list. */
export function createCombobox(options: ComboboxOptions): void {
  const { input, listbox, nothing } = options;
  let ids: readonly string[] = [];
  let active = -1;

  const isOpen = () => !listbox.hidden;

  function setActive(index: number): void {
    active = index;
    for (const [position, node] of Array.from(listbox.children).entries()) {
      node.setAttribute("aria-selected", String(position === index));
      if (position === index) node.scrollIntoView({ block: "nearest" });
    }
    if (index < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", `${listbox.id}-${index}`);
  }

  function close(): void {
    listbox.hidden = true;
    nothing.hidden = true;
    input.setAttribute("aria-expanded", "false");
    setActive(-1);
  }

  function createOption(id: string, index: number): HTMLElement {
    const { name, year, note } = options.describe(id);
    const node = document.createElement("div");
    node.id = `${listbox.id}-${index}`;
    node.role = "option";
    const title = document.createElement("span");
    title.className = "option-title";
    title.textContent = name;
    node.append(title);
    for (const [className, text] of [
      ["option-year", year],
      ["option-note", note],
    ] as const) {
      if (text === undefined || text === "") continue;
      const span = document.createElement("span");
      span.className = className;
      span.textContent = text;
      node.append(" ", span);
    }
    return node;
  }

  function open(): void {
    const query = input.value.trim();
    if (query === "") {
      close();
      return;
    }
    ids = options.search(query);
    listbox.replaceChildren(...ids.map(createOption));
    listbox.hidden = ids.length === 0;
    nothing.hidden = ids.length > 0;
    input.setAttribute("aria-expanded", String(ids.length > 0));
    setActive(ids.length > 0 ? 0 : -1);
    options.announce(ids.length);
  }

  function pick(index: number): void {
    const id = ids[index];
    if (id === undefined) return;
    input.value = "";
    close();
    options.pick(id);
  }

  function move(step: 1 | -1): void {
    if (isOpen()) setActive((active + step + ids.length) % ids.length);
    else open();
  }

  function dismiss(): void {
    if (isOpen() || !nothing.hidden) close();
    else input.value = "";
  }

  /** What a key does; absent when the field itself should have it. */
  function actionOf(key: string): (() => void) | undefined {
    if (key === "ArrowDown") return () => move(1);
    if (key === "ArrowUp") return () => move(-1);
    if (key === "Enter" && isOpen()) return () => pick(active);
    return key === "Escape" ? dismiss : undefined;
  }

  input.addEventListener("keydown", (event) => {
    const action = event.isComposing ? undefined : actionOf(event.key);
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
  input.addEventListener("input", open);
  input.addEventListener("focus", () => input.value !== "" && open());
  input.addEventListener("blur", close);
  // The field keeps the focus while the pointer is in the list.
  listbox.addEventListener("pointerdown", (event) => event.preventDefault());
  listbox.addEventListener("click", (event) => {
    const option = (event.target as Element).closest("[role=option]");
    if (option !== null) pick(Array.from(listbox.children).indexOf(option));
  });
}
