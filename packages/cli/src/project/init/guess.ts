/** What `init` finds out about an events file, a part each, and how it says what is only a guess. */
import type { ProjectConfigInput } from "@attune/contracts/config";
import type { Role } from "./roles.ts";

export type RecommendInput = Extract<ProjectConfigInput, { data: { events: object } }>;
export type DataInput = RecommendInput["data"];

/** A setting that the file does not prove. */
export interface Guess {
  /** Its place in the config, `data.rules.minRating`. */
  readonly setting: string;
  readonly value: unknown;
  /** A sentence for people, with the figures behind it. */
  readonly text: string;
}

/** Which column plays a role, and why. */
export interface Choice {
  readonly column: string;
  readonly why: string;
}

export type Choices = Readonly<Partial<Record<Role, Choice>>>;
