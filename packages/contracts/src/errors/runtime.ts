import { answered, bullets } from "./list.ts";

export const runtimeErrors = {
  /** A request does not fit the schema or the artifact's limits. Every problem is listed. */
  REQUEST_INVALID: answered(
    400,
    (d: { issues: readonly string[] }) => `the request is not valid:${bullets(d.issues)}`,
  ),
  /** The engine refuses the model. */
  RUNTIME_LOAD: (d: { runtime: string; reason: string }) => `${d.runtime} cannot load the model: ${d.reason}`,
  /** The engine failed while running, or a feed does not fit. */
  RUNTIME_RUN: (d: { runtime: string; issues: readonly string[] }) =>
    `${d.runtime} cannot run:${bullets(d.issues)}`,
  /** The graph's inputs and outputs are not those of the manifest's signature. */
  RUNTIME_SIGNATURE: (d: { issues: readonly string[] }) =>
    `the model and its manifest do not belong together:${bullets(d.issues)}`,
  /** The artifact is of a task that the caller did not ask for. */
  RUNTIME_TASK: (d: { source: string; task: string; expected: readonly string[] }) =>
    `${d.source} holds a model of the task "${d.task}", expected ${d.expected.join(" or ")}; open it with { task: "${d.task}" }`,
  /** Used after `close()`. */
  RUNTIME_CLOSED: answered(503, (d: { what: string }) => `${d.what} is closed`),
  /** Fetching the model or its parts failed. */
  RUNTIME_FETCH: (d: { url: string; reason: string }) => `cannot fetch ${d.url}: ${d.reason}`,
  /** Fetched bytes are not those of the manifest. */
  RUNTIME_HASH: (d: { url: string; expected: string; actual: string }) =>
    `${d.url} is damaged or was replaced: sha256 ${d.actual}, expected ${d.expected}`,
};
