/** Questions to a person at a terminal. Ctrl-C at one ends the command before anything is written. */

import { AttuneError } from "@attune/contracts";
import type { SampledColumn } from "@attune/data";
import { confirm, isCancel, select } from "@clack/prompts";
import type { Terminal } from "../../io.ts";

const meaning = { user: "who did it (the user)", item: "what it was done to (the item)" } as const;

const longestSample = 30;

export async function askColumn(
  { input, output }: Terminal,
  question: {
    readonly role: keyof typeof meaning;
    readonly columns: readonly SampledColumn[];
    /** Preselected. */
    readonly guess: string | undefined;
    readonly signal: AbortSignal;
  },
): Promise<string> {
  const { role, columns, guess, signal } = question;
  return answerOf(
    await select<string>({
      message: `Which column says ${meaning[role]}?`,
      options: columns.map(({ name, sample }) => ({
        value: name,
        label: name,
        ...(sample !== "" && { hint: `such as ${sample.slice(0, longestSample)}` }),
      })),
      ...(guess !== undefined && { initialValue: guess }),
      maxItems: 12,
      input,
      output,
      signal,
    }),
  );
}

export async function askBadRows(
  { input, output }: Terminal,
  question: {
    /** How many rows cannot be used, a sentence. */
    readonly problem: string;
    /** What leaving them out means. */
    readonly skip: string;
    readonly signal: AbortSignal;
  },
): Promise<"skip" | "refuse"> {
  const { problem, skip, signal } = question;
  return answerOf(
    await select<"skip" | "refuse">({
      message: `${problem} What shall be done with them?`,
      options: [
        { value: "refuse", label: "Stop at them: I mend the file first" },
        { value: "skip", label: skip },
      ],
      initialValue: "refuse",
      input,
      output,
      signal,
    }),
  );
}

export async function askOverwrite(
  { input, output }: Terminal,
  file: string,
  signal: AbortSignal,
): Promise<boolean> {
  return answerOf(
    await confirm({ message: `${file} exists. Overwrite it?`, initialValue: false, input, output, signal }),
  );
}

function answerOf<T>(answer: T): Exclude<T, symbol> {
  if (isCancel(answer)) throw new AttuneError("CLI_CANCELLED", { command: "init" });
  return answer as Exclude<T, symbol>;
}
