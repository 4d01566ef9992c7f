/** The one encoder and what models agree with it on. */
export type { EncodedHistory, Fragment, ScoringModel } from "./fragment.ts";
