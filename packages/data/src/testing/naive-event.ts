/** Events as the plain second implementation holds them. */

export interface NaiveRow {
  readonly user: string;
  readonly item: string;
  readonly rating: number;
  /** Seconds. */
  readonly time: number;
  readonly type: string;
  /** What a given split's column says. */
  readonly role: "train" | "validation" | "test";
}

export interface RawEvent extends Omit<NaiveRow, "time"> {
  readonly time: number;
  /** Its row in the file, from 1. */
  readonly row: number;
  readonly weight: number;
}

/** A refusal by its code. */
export class Refusal extends Error {}
