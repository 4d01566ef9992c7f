/** What an option of the server is: the data that parsing, help texts and docs share. */

export interface OptionDefinition {
  readonly kind: "text" | "path" | "integer" | "list";
  readonly description: string;
  /** What stands for the value in help texts: `DIR`, `N`, … */
  readonly placeholder: string;
  readonly default?: string | number | readonly string[];
  /** Of an integer: the smallest and the largest. */
  readonly range?: readonly [number, number];
  /** The only texts it takes, or those that an integer takes besides numbers. */
  readonly words?: readonly string[];
  /** What is wrong with a text, or with one of a list; undefined: nothing. */
  readonly check?: (text: string) => string | undefined;
  /** Never shown. */
  readonly isSecret?: true;
}

export type OptionDefinitions = Readonly<Record<string, OptionDefinition>>;

type Value<D extends OptionDefinition> = D["kind"] extends "integer"
  ? number | (D extends { readonly words: readonly (infer Word)[] } ? Word : never)
  : D["kind"] extends "list"
    ? readonly string[]
    : D extends { readonly words: readonly (infer Word)[] }
      ? Word
      : string;

export type OptionValues<D extends OptionDefinitions> = {
  readonly [Name in keyof D]:
    | Value<D[Name]>
    | (D[Name] extends { readonly default: unknown } ? never : undefined);
};

/** `maxQueueMs` → `max-queue-ms` */
export function flagOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `maxQueueMs` → `ATTUNE_MAX_QUEUE_MS` */
export function variableOf(name: string): string {
  return `ATTUNE_${flagOf(name).replaceAll("-", "_").toUpperCase()}`;
}

/** For help texts: ` (default 8080)`, or nothing. */
export function describeDefault({ default: value }: OptionDefinition): string {
  return value === undefined || (Array.isArray(value) && value.length === 0) ? "" : ` (default ${value})`;
}
