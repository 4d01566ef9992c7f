/** The demo page: wires picks, search, posters and both answers. */
import "../index.ts";
import { loadItems, loadManifest } from "../artifact/items.ts";
import { artifactPool } from "../artifact/pool.ts";
import { describeItem, type ItemDirectory } from "../catalogue/details.ts";
import { countOf, type Noun, nounFor } from "../catalogue/noun.ts";
import { createSearchIndex, type SearchIndex, searchItems } from "../catalogue/search.ts";
import { chooseStarters } from "../catalogue/starters.ts";
import { formatBytes } from "../element/bytes.ts";
import { defaultWords, type Words } from "../element/words.ts";
import { createChips } from "./chips.ts";
import { createCombobox } from "./combobox.ts";
import { createPicks } from "./picks.ts";
import { createPosters } from "./posters.ts";
import { createProof } from "./proof.ts";
import { createServerAnswer } from "./server-answer.ts";

const starterCount = 16;
/** Starters are chosen among this many of the most popular. */
const starterPool = 60;
/** Without titles there is no table of all items: this many of the most popular can be searched. */
const popularCount = 500;
const suggestionCount = 8;

const find = <E extends HTMLElement>(id: string): E => document.getElementById(id) as E;
const here = document.querySelector("attune-recommendations")!;
const input = find<HTMLInputElement>("search");
const reset = find<HTMLButtonElement>("reset");
const artifactUrl = new URL("artifact/", document.baseURI).href;

let directory: ItemDirectory = new Map();
let index: SearchIndex = [];
let noun: Noun = nounFor(directory);

const describe = (id: string) => describeItem(id, directory);
const say = (sentence: string) => {
  find("said").textContent = sentence;
};

function createWords(): Words {
  return {
    ...defaultWords,
    personal: "Chosen from your picks",
    fallback: `Popular with everyone; pick ${noun.any} to make it yours`,
    select: (label) => `Add ${label} to your picks`,
  };
}

/** The server's list fails in another way than the tab's. */
function createServerWords(): Words {
  return {
    ...createWords(),
    failed: "The server did not answer.",
    reason: () => "The list in this tab does not need it: the model is already here.",
  };
}

const picks = createPicks(window);
const proof = createProof(document);
const toggle = (id: string) => {
  say(`${describe(id).label} ${picks.has(id) ? "removed" : "picked"}.`);
  picks.toggle(id);
};
const server = createServerAnswer({
  host: find("there"),
  k: 10,
  words: createServerWords(),
  onAnswer: proof.showThere,
  onFailure: proof.failThere,
  select: toggle,
});
const posters = createPosters({ list: find("starters"), describe, toggle });
const showChips = createChips({
  list: find("chips"),
  hint: find("hint"),
  count: find("picks-count"),
  describe,
  remove: toggle,
  fallbackFocus: input,
});

createCombobox({
  input,
  listbox: find("matches"),
  nothing: find("no-match"),
  search: (query) => searchItems(index, query, suggestionCount, new Set(picks.ids)),
  describe,
  pick: toggle,
  announce: (count) => say(count === 0 ? "Nothing found." : `${countOf(count, noun)} found.`),
});

here.addEventListener("attune-recommendations", ({ detail }) => proof.showHere(detail));
here.addEventListener("attune-error", () => proof.failHere());
here.addEventListener("attune-select", ({ detail }) => toggle(detail.id));
reset.addEventListener("click", () => {
  picks.clear();
  say("Picks cleared.");
  input.focus();
});

picks.listen((ids) => {
  proof.wait();
  here.history = ids;
  server.ask(ids);
  showChips(ids);
  posters.mark(ids);
  reset.hidden = ids.length === 0;
});

async function showItems(): Promise<void> {
  directory = (await loadItems(artifactUrl)) ?? new Map();
  index = createSearchIndex(directory.keys(), directory);
  noun = nounFor(directory);
  here.words = createWords();
  here.itemDetails = directory;
  server.dress(directory, createServerWords());
  showChips(picks.ids);
}

/** The most popular ids: what the model answers to an empty history, here or, failing that, on the server. */
async function loadPopular(): Promise<readonly string[]> {
  const lease = artifactPool.lease(artifactUrl);
  try {
    const artifact = await lease.value;
    const k = Math.min(popularCount, artifact.limits.maxK);
    return (await artifact.recommend({ history: [], k })).ids;
  } catch {
    return (await server.recommend([], popularCount)).answer.ids;
  } finally {
    lease.release();
  }
}

async function showStarters(items: Promise<void>): Promise<void> {
  const popular = await loadPopular();
  await items;
  posters.show(chooseStarters(popular.slice(0, starterPool), directory, starterCount));
  if (directory.size === 0) index = createSearchIndex(popular, directory);
}

async function showFacts(items: Promise<void>): Promise<void> {
  const manifest = await loadManifest(artifactUrl);
  // The lists say why there is none: this page is for models that recommend.
  if (manifest.task !== "recommend") return;
  const { name, version, catalogue, files } = manifest;
  await items;
  const size = formatBytes(files["model.onnx"]?.bytes ?? 0);
  const count = catalogue.items.toLocaleString("en");
  find("facts").textContent = `${name}, version ${version}: ${count} ${noun.many} in one file of ${size}`;
}

const items = showItems();
// Without a model on either side, or a manifest, the page says so in its lists; these two parts just stay empty.
showStarters(items).catch(() => posters.show([]));
showFacts(items).catch(() => undefined);
