/** The public surface: a run, its report, and the list of cases. */

export type { Case, Scope } from "./cases/case.ts";
export { type DocumentName, documents, type SpecReference } from "./cases/documents.ts";
export { type GroupName, groupNames } from "./cases/groups.ts";
export { cases } from "./cases/index.ts";
export type { Level } from "./expectations/expectation.ts";
export type { InferRequest } from "./protocol/tensor.ts";
export { caseTables } from "./report/case-list.ts";
export type { ExchangeRecord, ModelReport, Outcome, Problem, Report, Result } from "./report/report.ts";
export { formatReport } from "./report/text-report.ts";
export { type ConformanceOptions, runConformance } from "./run-conformance.ts";
export { UnreachableError, UsageError } from "./run-errors.ts";
