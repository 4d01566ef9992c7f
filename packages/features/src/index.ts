/** The one encoder and what models agree with it on. */

// Encoder
export {
  type EncodedRequest,
  encodeHistory,
  type HiddenItems,
  type RawHistory,
} from "./encode-history.ts";
// Models
export type { EncodedHistory, Fragment, ScoringModel } from "./fragment.ts";
// Vocabulary
export { checkItemIds, encodeIds, paddingCode, unknownCode } from "./vocabulary.ts";
