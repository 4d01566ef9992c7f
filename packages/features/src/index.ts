/** The one encoder and what models agree with it on. */

// Encoder
export { encodeColumns, rawColumns } from "./encode-columns.ts";
export {
  type EncodedRequest,
  encodeHistory,
  type HiddenItems,
  type RawHistory,
} from "./encode-history.ts";
// Fragments
export type {
  ClassifyFragment,
  ColumnUse,
  EncodedColumn,
  EncodedColumns,
  EncodedHistory,
  FragmentByTask,
  HierarchicalFragment,
  HistoryNeed,
  OrderedHistory,
  RecommendFragment,
  RecommendInputs,
  RegressFragment,
} from "./fragment.ts";
// Models
export type {
  ClassifyModel,
  HierarchicalModel,
  ModelByTask,
  RecommendModel,
  RegressModel,
  ScoreContext,
  ScoringModel,
} from "./model.ts";
// Vocabulary
export { checkItemIds, encodeIds, paddingCode, unknownCode } from "./vocabulary.ts";
