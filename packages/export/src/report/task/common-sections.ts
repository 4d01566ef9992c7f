/** Sections that say the same in every task. */
import { rawHtml } from "../html.ts";
import { markParity } from "../parity-mark.ts";
import { choosingSection } from "../sections/choosing.ts";
import { originSection } from "../sections/origin.ts";
import { paritySection } from "../sections/parity.ts";
import { searchSection } from "../sections/search.ts";
import type { AnySection } from "./report-of-task.ts";

export const choosing: AnySection = { id: "choosing", title: "Choosing", render: choosingSection };

export const search: AnySection = { id: "search", title: "Hyperparameters", render: searchSection };

export const parity: AnySection = {
  id: "parity",
  title: "Parity",
  render: ({ manifest }) => rawHtml(markParity(paritySection(manifest.parity, manifest.unverified).html)),
};

export const origin: AnySection = { id: "origin", title: "Origin", render: originSection };
