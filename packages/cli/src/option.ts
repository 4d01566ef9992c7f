/** What an option is: the data that parsing, help texts and docs share. */

export interface OptionSpec {
  readonly type: "string" | "boolean";
  readonly description: string;
  /** What stands for the value in the help text: `DIR`, `N`, … */
  readonly placeholder?: string;
  readonly default?: string | boolean;
  /** The only values it takes. */
  readonly choices?: readonly string[];
  /** It is a whole number from the first to the second; the command gets a number. */
  readonly range?: readonly [number, number];
  /** It may be given several times; the command gets a list. */
  readonly multiple?: boolean;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

type OptionValue<S extends OptionSpec> = S["type"] extends "boolean"
  ? boolean
  : S extends { readonly multiple: true }
    ? readonly string[]
    : S extends { readonly range: readonly [number, number] }
      ? number
      : string;

export type OptionValues<S extends OptionSpecs> = {
  readonly [K in keyof S]:
    | OptionValue<S[K]>
    | (S[K] extends { readonly default: string | boolean } ? never : undefined);
};

/** Options that every command takes. */
export const commonOptions = {
  json: { type: "boolean", description: "print one JSON line on stdout, also for errors", default: false },
  help: { type: "boolean", description: "show this text", default: false },
} as const satisfies OptionSpecs;
