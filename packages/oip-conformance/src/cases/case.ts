/** A case is a value: what is sent, what must hold, and where it is written. The list of them is in index.ts. */
import type { Expectation, Level } from "../expectations/expectation.ts";
import type { HttpRequest } from "../http/http-request.ts";
import type { InferFacts, ModelFacts, ServerFacts } from "../subject/facts.ts";
import type { SpecReference } from "./documents.ts";
import type { GroupName } from "./groups.ts";
import type { Need } from "./needs.ts";

/** What a case is about, and so what it may know. `infer` cases need a request that the model has answered. */
export interface FactsByScope {
  readonly server: ServerFacts;
  readonly model: ModelFacts;
  readonly infer: InferFacts;
}

export type Scope = keyof FactsByScope;

export interface CaseOf<S extends Scope> {
  /** `group.what`; never renamed, as people switch on it. */
  readonly id: string;
  readonly group: GroupName;
  readonly scope: S;
  readonly level: Level;
  /** What a server does that passes. */
  readonly title: string;
  readonly spec: SpecReference;
  /** What stands there, in a sentence. */
  readonly says: string;
  /** Where published readings disagree: which of them pass. */
  readonly note?: string;
  /** Without these it is skipped, and the report says why. */
  readonly needs?: readonly Need<FactsByScope[S]>[];
  /** One request or several, sent in order. */
  send(facts: FactsByScope[S]): HttpRequest | readonly HttpRequest[];
  /** In order; the first `must` that does not hold ends the case. */
  readonly expect: readonly Expectation<FactsByScope[S]>[];
}

export type Case = { readonly [S in Scope]: CaseOf<S> }[Scope];

/** Cases of one group about one thing. */
export function casesOf<S extends Scope>(
  group: GroupName,
  scope: S,
  cases: readonly Omit<CaseOf<S>, "group" | "scope">[],
): readonly Case[] {
  return cases.map((one) => ({ ...one, group, scope }) as unknown as Case);
}
