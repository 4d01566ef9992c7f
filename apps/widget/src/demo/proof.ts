/** The verdict over both answers, and the figures under them. */
import type { RecommendationsDetail } from "../element/element.ts";
import { compareAnswers, formatDifference, formatMs } from "./compare.ts";
import type { Served } from "./server-answer.ts";

export interface Proof {
  /** The picks changed: what is shown is about to be replaced. */
  wait(): void;
  showHere(detail: RecommendationsDetail): void;
  showThere(served: Served): void;
  failHere(): void;
  failThere(): void;
}

type Verdict = "waiting" | "same" | "differs" | "here-only" | "there-only" | "none";

/** Finds its places in the page by id. */
export function createProof(page: Document): Proof {
  const place = (id: string) => page.getElementById(id)!;
  let here: RecommendationsDetail | "failed" | undefined;
  let there: Served | "failed" | undefined;

  function judge(verdict: Verdict, title: string, note: string): void {
    place("verdict").dataset.verdict = verdict;
    place("answers-title").textContent = title;
    place("verdict-note").textContent = note;
  }

  function compare(detail: RecommendationsDetail, served: Served): void {
    const { sameList, sharedCount, maxAbs } = compareAnswers(detail, served.answer);
    const difference = maxAbs === undefined ? "none to compare" : formatDifference(maxAbs);
    const shared = `${sharedCount} of ${detail.ids.length} shared`;
    place("proof-lists").textContent = sameList ? "The same, in the same order" : shared;
    place("proof-difference").textContent = difference;
    if (detail.modelSha256 !== served.modelSha256) {
      judge("differs", "Two answers, two files", "The server runs another model file than this tab.");
    } else if (sameList) {
      judge("same", "One answer, twice", `Same list, same order. Largest score difference ${difference}.`);
    } else {
      judge("differs", "Two answers", `${shared}. Largest score difference ${difference}.`);
    }
  }

  function showFigures(side: "here" | "there", elapsedMs?: number, sha256?: string): void {
    place(`proof-${side}-ms`).textContent = elapsedMs === undefined ? "–" : formatMs(elapsedMs);
    place(`proof-${side}-hash`).textContent = sha256 ?? "no file to compare";
  }

  function update(): void {
    if (here === "failed") showFigures("here");
    else if (here !== undefined) showFigures("here", here.elapsedMs, here.modelSha256);
    if (there === "failed") showFigures("there");
    else if (there !== undefined) showFigures("there", there.elapsedMs, there.modelSha256);
    if (here === undefined || there === undefined) return;
    if (here !== "failed" && there !== "failed") {
      compare(here, there);
      return;
    }
    place("proof-lists").textContent = "–";
    place("proof-difference").textContent = "–";
    if (here !== "failed") {
      judge("here-only", "One answer", "This tab answers by itself; the server could not be asked.");
    } else if (there !== "failed") {
      judge("there-only", "One answer", "The server answers; this tab could not.");
    } else {
      judge("none", "No answer", "Neither this tab nor the server could answer.");
    }
  }

  return {
    wait() {
      if (here !== "failed") here = undefined;
      there = undefined;
    },
    showHere(detail) {
      here = detail;
      update();
    },
    showThere(served) {
      there = served;
      update();
    },
    failHere() {
      here = "failed";
      update();
    },
    failThere() {
      there = "failed";
      update();
    },
  };
}
