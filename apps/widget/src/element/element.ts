/** `<attune-recommendations>`: attributes and properties in, a list and two events out. */
import type { HistoryEntry, Recommendation, WireError } from "@attune/contracts";
import { loadItems } from "../artifact/items.ts";
import { artifactPool } from "../artifact/pool.ts";
import {
  createDirectory,
  describeItem,
  type ItemDetailsInput,
  type ItemDirectory,
} from "../catalogue/details.ts";
import { type Controller, createController, type Features, type State } from "./controller.ts";
import { parseIds } from "./history.ts";
import { createView, type View } from "./view.ts";
import { defaultWords, type Words } from "./words.ts";

/** Detail of the event `attune-recommendations`. */
export interface RecommendationsDetail extends Recommendation {
  /** Time from asking to the answer in this page, in milliseconds; loading is not in it. */
  readonly elapsedMs: number;
  /** sha256 of the model file this page loaded, computed in the page. */
  readonly modelSha256: string;
}

/** Detail of the event `attune-select`. */
export interface SelectDetail {
  readonly id: string;
}

declare global {
  interface HTMLElementEventMap {
    "attune-recommendations": CustomEvent<RecommendationsDetail>;
    "attune-select": CustomEvent<SelectDetail>;
    "attune-error": CustomEvent<WireError>;
  }
  interface HTMLElementTagNameMap {
    "attune-recommendations": AttuneRecommendations;
  }
}

// Importing the module where there is no DOM (rendering on a server) must not fail.
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

const defaultK = 10;
/** Announcements wait until the reader stops: one sentence per pause, not one per key. */
const quietMs = 700;

/**
 * Personalizes in the page: loads an artifact, ranks the catalogue for `history`, shows the best `k`.
 *
 * Attributes: `artifact` (address of the artifact folder, default `artifact/`), `k` (default 10), `heading`,
 * `history`, `exclude` and `allow` (ids divided by blanks, or a JSON list), `selectable` (rows become buttons),
 * `scores` (scores are shown), `loading="eager"` (load before the element comes near the viewport).
 *
 * Events, all bubbling and composed: `attune-recommendations`, `attune-select`, `attune-error`.
 */
export class AttuneRecommendations extends Base {
  static readonly observedAttributes = [
    "artifact",
    "k",
    "heading",
    "history",
    "exclude",
    "allow",
    "selectable",
    "scores",
    "loading",
  ];

  #history: readonly HistoryEntry[] = [];
  #exclude: readonly string[] = [];
  #allow: readonly string[] = [];
  #features: Features = {};
  #words: Words = defaultWords;
  #given: ItemDirectory | undefined;
  #state: State = { phase: "waiting" };
  #answer: Recommendation | undefined;
  #view: View | undefined;
  #observer: IntersectionObserver | undefined;
  #announcement: ReturnType<typeof setTimeout> | undefined;
  #loaded: { artifact?: string; items: ItemDirectory } = { items: new Map() };
  readonly #controller: Controller = createController({
    pool: artifactPool,
    now: () => performance.now(),
    onState: (state) => this.#onState(state),
  });

  /** What the user did, oldest first: ids, or ids with a weight > 0 and a time, epoch seconds. Setting it updates the list at once. */
  get history(): readonly HistoryEntry[] {
    return this.#history;
  }
  set history(value: readonly HistoryEntry[]) {
    this.#history = [...value];
    this.#ask();
  }

  /** Ids that must not come back, beside those of the history. */
  get exclude(): readonly string[] {
    return this.#exclude;
  }
  set exclude(value: readonly string[]) {
    this.#exclude = [...value];
    this.#ask();
  }

  /** The only ids that may be shown; empty: the whole catalogue. */
  get allow(): readonly string[] {
    return this.#allow;
  }
  set allow(value: readonly string[]) {
    this.#allow = [...value];
    this.#ask();
  }

  /** User and context columns by name, as the manifest's `inputs` lists them; what is left out is missing. */
  get features(): Features {
    return this.#features;
  }
  set features(value: Features) {
    this.#features = { ...value };
    this.#ask();
  }

  /** Titles and further columns by id. Unset, they come from the artifact's `items.json`, if it has one. */
  get itemDetails(): ItemDirectory {
    return this.#directory();
  }
  set itemDetails(value: ItemDetailsInput | undefined) {
    this.#given = value === undefined ? undefined : createDirectory(value);
    if (this.#state.phase !== "waiting") this.#loadItems();
    this.#render();
  }

  /** Any of the element's texts, for another language or another name of things. */
  get words(): Words {
    return this.#words;
  }
  set words(value: Partial<Words>) {
    this.#words = { ...defaultWords, ...value };
    this.#render();
  }

  connectedCallback(): void {
    this.#takeEarlyProperties();
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open", delegatesFocus: false });
    this.#view ??= createView(root, {
      retry: () => this.#controller.retry(),
      select: (id) => this.#emit("attune-select", { id } satisfies SelectDetail),
    });
    this.#render();
    this.#ask();
    this.#startWhenNear();
  }

  disconnectedCallback(): void {
    this.#observer?.disconnect();
    this.#observer = undefined;
    clearTimeout(this.#announcement);
    this.#controller.stop();
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after) return;
    if (name === "history") this.#history = parseIds(after);
    if (name === "exclude") this.#exclude = parseIds(after);
    if (name === "allow") this.#allow = parseIds(after);
    if (name === "loading") this.#startWhenNear();
    else if (name === "heading" || name === "selectable" || name === "scores") this.#render();
    else this.#ask();
  }

  /** A page may set properties before this module runs; they then lie on the element itself and hide the accessors. */
  #takeEarlyProperties(): void {
    for (const name of ["history", "exclude", "allow", "features", "itemDetails", "words"]) {
      if (!Object.hasOwn(this, name)) continue;
      const value: unknown = Reflect.get(this, name);
      Reflect.deleteProperty(this, name);
      Reflect.set(this, name, value);
    }
  }

  #startWhenNear(): void {
    if (!this.isConnected) return;
    this.#observer?.disconnect();
    if (this.getAttribute("loading") === "eager") {
      this.#start();
      return;
    }
    this.#observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) this.#start();
      },
      { rootMargin: "300px" },
    );
    this.#observer.observe(this);
  }

  #start(): void {
    this.#observer?.disconnect();
    this.#observer = undefined;
    this.#controller.start();
    this.#loadItems();
  }

  /** Titles come beside the model. Without any, the list shows ids: no reason to fail. */
  #loadItems(): void {
    const artifact = this.#artifact();
    if (this.#given !== undefined || this.#loaded.artifact === artifact) return;
    this.#loaded = { artifact, items: new Map() };
    void loadItems(artifact).then((items) => {
      if (this.#loaded.artifact !== artifact) return;
      // Titles that could not be had are asked for again with the next load.
      this.#loaded = items === undefined ? { items: new Map() } : { artifact, items };
      this.#render();
    });
  }

  #artifact(): string {
    const attribute = this.getAttribute("artifact") ?? "artifact/";
    const folder = attribute.endsWith("/") ? attribute : `${attribute}/`;
    // What is no address fails where it is opened, with a code and words.
    return URL.canParse(folder, this.baseURI) ? new URL(folder, this.baseURI).href : folder;
  }

  #k(): number {
    const k = Number(this.getAttribute("k") ?? defaultK);
    return Number.isInteger(k) && k >= 1 ? k : defaultK;
  }

  #ask(): void {
    this.#controller.update({
      artifact: this.#artifact(),
      history: this.#history,
      exclude: this.#exclude,
      allow: this.#allow,
      features: this.#features,
      k: this.#k(),
    });
  }

  #directory(): ItemDirectory {
    return this.#given ?? this.#loaded.items;
  }

  #onState(state: State): void {
    this.#state = state;
    if (state.phase === "ready") this.#answer = state.answer;
    // Another model is on its way: the old list is no answer of it.
    if (state.phase === "loading") {
      this.#answer = undefined;
      this.#loadItems();
    }
    this.#render();
    if (state.phase === "ready") {
      const { answer, elapsedMs, artifact } = state;
      this.#announce(answer);
      const detail: RecommendationsDetail = { ...answer, elapsedMs, modelSha256: artifact.modelSha256 };
      this.#emit("attune-recommendations", detail);
    } else if (state.phase === "failed") {
      clearTimeout(this.#announcement);
      this.#view?.say(this.#words.failed);
      this.#emit("attune-error", state.error);
    }
  }

  #announce(answer: Recommendation): void {
    clearTimeout(this.#announcement);
    const first = answer.ids[0];
    const label = first === undefined ? "" : describeItem(first, this.#directory()).label;
    this.#announcement = setTimeout(
      () => this.#view?.say(this.#words.announce(label, answer.ids.length)),
      quietMs,
    );
  }

  #render(): void {
    this.#view?.update({
      state: this.#state,
      ...(this.#answer !== undefined && { answer: this.#answer }),
      directory: this.#directory(),
      words: this.#words,
      heading: this.getAttribute("heading") ?? this.#words.heading,
      k: this.#k(),
      selectable: this.hasAttribute("selectable"),
      scores: this.hasAttribute("scores"),
    });
  }

  #emit(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}
