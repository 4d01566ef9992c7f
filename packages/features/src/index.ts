/** The one encoder and what models agree with it on. */

// Encoder
export { checkColumns, encodeColumns, type RawColumn, rawColumn } from "./encode-columns.ts";
export {
  type AllowedItems,
  type EncodedRequest,
  encodeHistory,
  type HistoryRules,
  type NamedItems,
  type RawHistory,
} from "./encode-history.ts";
export { addEncodedInputs, feedEncodedColumns } from "./encoded-table.ts";
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
export { maxTimeSeconds } from "./order-history.ts";
// Vocabulary
export { checkItemIds, encodeIds, paddingCode, unknownCode } from "./vocabulary.ts";
