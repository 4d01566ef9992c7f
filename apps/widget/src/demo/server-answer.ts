/** The server's answer to the same question, in a list that looks like the element's. */
import type { Recommendation } from "@attune/contracts";
import { fetchJson } from "../artifact/fetch-json.ts";
import { toWireError } from "../artifact/wire-error.ts";
import type { ItemDirectory } from "../catalogue/details.ts";
import { newestEntries } from "../element/history.ts";
import { createView, type ViewState } from "../element/view.ts";
import type { Words } from "../element/words.ts";

/** As much of `GET /v1/model` as the page reads. */
interface ServedModel {
  readonly sha256: string;
  readonly manifest: { readonly limits: { readonly maxK: number; readonly maxHistory: number } };
}

/** An answer of the server and how long it took, network included. */
export interface Served {
  readonly answer: Recommendation;
  readonly elapsedMs: number;
  readonly modelSha256: string;
}

export interface ServerAnswer {
  /** Asks for the picks; a later call drops this one. */
  ask(history: readonly string[]): void;
  /** Titles, words. */
  dress(directory: ItemDirectory, words: Words): void;
  /** One answer outside the list. */
  recommend(history: readonly string[], k: number): Promise<Served>;
}

export interface ServerAnswerOptions {
  readonly host: HTMLElement;
  readonly k: number;
  readonly words: Words;
  onAnswer(served: Served): void;
  onFailure(): void;
  select(id: string): void;
}

function post(body: unknown, signal?: AbortSignal): RequestInit {
  return {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    ...(signal !== undefined && { signal }),
  };
}

/** Fills `host` with a list that asks the server of this page. */
export function createServerAnswer(options: ServerAnswerOptions): ServerAnswer {
  const { host, k } = options;
  let { words } = options;
  let directory: ItemDirectory = new Map();
  let state: ViewState = { phase: "waiting" };
  let shown: Recommendation | undefined;
  let newest: readonly string[] = [];
  let running: AbortController | undefined;
  let model: Promise<ServedModel> | undefined;

  const view = createView(host.attachShadow({ mode: "open" }), {
    retry: () => ask(newest),
    select: options.select,
  });

  function render(): void {
    const answer = shown === undefined ? {} : { answer: shown };
    view.update({
      state,
      ...answer,
      directory,
      words,
      heading: words.heading,
      k,
      selectable: true,
      scores: true,
    });
  }

  function loadModel(): Promise<ServedModel> {
    model ??= fetchJson("v1/model") as Promise<ServedModel>;
    model.catch(() => {
      model = undefined;
    });
    return model;
  }

  async function recommend(history: readonly string[], count: number, signal?: AbortSignal): Promise<Served> {
    const { sha256, manifest } = await loadModel();
    const { maxK, maxHistory } = manifest.limits;
    const body = { history: newestEntries(history, maxHistory), k: Math.min(count, maxK) };
    const started = performance.now();
    const answer = (await fetchJson("v1/recommend", post(body, signal))) as Recommendation;
    return { answer, elapsedMs: performance.now() - started, modelSha256: sha256 };
  }

  async function ask(history: readonly string[]): Promise<void> {
    newest = history;
    running?.abort();
    const own = new AbortController();
    running = own;
    try {
      const served = await recommend(history, k, own.signal);
      if (running !== own) return;
      shown = served.answer;
      state = { phase: "ready" };
      render();
      options.onAnswer(served);
    } catch (cause) {
      if (running !== own) return;
      state = { phase: "failed", error: toWireError(cause) };
      render();
      options.onFailure();
    }
  }

  render();
  return {
    ask: (history) => void ask(history),
    dress(nextDirectory, nextWords) {
      directory = nextDirectory;
      words = nextWords;
      render();
    },
    recommend,
  };
}
