/** What `init` tells a person: which column is what, what is a guess, and what to type next. */
import Table from "cli-table3";
import type { Choices, Guess } from "./guess.ts";
import { roles } from "./roles.ts";

export function columnTable(choices: Choices): string {
  const table = new Table({ head: ["column", "is the", "because of"], style: { head: [], border: [] } });
  for (const role of roles) {
    const choice = choices[role];
    if (choice) table.push([choice.column, role, choice.why]);
  }
  return table.toString();
}

/** A bullet each; settings that were guessed together share one. */
export function describeGuesses(guesses: readonly Guess[]): string | undefined {
  if (guesses.length === 0) return undefined;
  const texts = [...new Set(guesses.map(({ text }) => text))];
  return ["Guesses, to be checked:", ...texts.map((text) => `  - ${text}`)].join("\n");
}
