/** `@attune/testkit/conformance`: the parts that run anywhere, also in a page. Nothing here imports a test framework. */
export { type ConformanceCase, conformanceCases } from "./conformance/cases.ts";
export { expectError } from "./conformance/expect-error.ts";
export { exact, expectClose, expectSame, type Tolerance } from "./expect-close.ts";
