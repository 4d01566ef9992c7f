/** The words of the element, all replaceable: for translation, or to call things by their name. Pure. */
import type { WireError } from "@attune/contracts";

/** Every text the element shows or announces by itself. */
export interface Words {
  readonly heading: string;
  /** Over the list, when it comes from the history. */
  readonly personal: string;
  /** Over the list, when nothing of the history is known. */
  readonly fallback: string;
  /** Over the list, while the model is on its way. */
  readonly loading: string;
  readonly preparing: string;
  /** Instead of the list, when everything was excluded. */
  readonly empty: string;
  readonly failed: string;
  readonly retry: string;
  /** Label of the button that makes a row selectable: `"Pick The Matrix (1999)"`. */
  select(label: string): string;
  /** Said once after each change. */
  announce(first: string, count: number): string;
  /** Part of the loading text: `"2.1 of 6.3 MB"`. */
  progress(loaded: string, total: string | undefined): string;
  /** Why it failed, for a person, by error code; falls back to the error's own message. */
  reason(error: WireError): string;
}

const reasons: Readonly<Record<string, string>> = {
  RUNTIME_FETCH: "A file of the model could not be downloaded. Check the connection and try again.",
  RUNTIME_HASH: "The model file is damaged or was replaced on its way, so it was not used.",
  RUNTIME_LOAD: "This browser could not start the model.",
  RUNTIME_TASK: "The model does not recommend.",
  RUNTIME_SIGNATURE: "The model file and its manifest do not belong together.",
  MANIFEST_INVALID: "The model's manifest is not valid.",
  MANIFEST_VERSION: "The model was made by a newer version of Attune than this page uses.",
};

/** English. */
export const defaultWords: Words = {
  heading: "Recommended for you",
  personal: "Chosen from your history",
  fallback: "Popular with everyone",
  loading: "Loading the model",
  preparing: "Starting the model",
  empty: "Nothing left to recommend.",
  failed: "The recommendations could not be made.",
  retry: "Try again",
  select: (label) => `Pick ${label}`,
  announce: (first, count) => (count === 0 ? "The list is empty." : `List updated. First: ${first}.`),
  progress: (loaded, total) => (total === undefined ? loaded : `${loaded} of ${total}`),
  reason: (error) => reasons[error.code] ?? error.message,
};
