/** Expectations of any answer: status, content type, body. */
import type { HttpAnswer } from "../http/http-request.ts";
import { jsonPartOf, readJson } from "../protocol/infer-message.ts";
import { checkSchema, type SchemaName } from "../schemas/check-schema.ts";
import { onEach, should } from "./expectation.ts";

export const succeeds = onEach("status 200", ({ status, body }) =>
  status === 200 ? undefined : `status ${status}${told(body)}`,
);

/** What 404, 400, 405 and so on have in common; which of them is left to the server. */
export const isError = onEach("an error status, from 400", ({ status }) =>
  status >= 400 ? undefined : `status ${status}`,
);

/** "Typically 400" leaves room for 5xx, which tells clients to try again. */
export const blamesTheClient = should(
  onEach("a status that says the request is at fault: 4xx, or 501 for what is not supported", ({ status }) =>
    (status >= 400 && status < 500) || status === 501 ? undefined : `status ${status}`,
  ),
);

export function hasStatus(...statuses: readonly number[]) {
  return onEach(`status ${statuses.join(" or ")}`, ({ status }) =>
    statuses.includes(status) ? undefined : `status ${status}`,
  );
}

/** The JSON of the body, and nothing that the schema forbids. */
export function matches(schema: SchemaName) {
  return onEach(`a body as the schema ${schema} says`, (answer) => {
    const value = readJson(answer);
    return value === undefined ? `no JSON: ${shown(answer)}` : checkSchema(schema, value);
  });
}

export const hasErrorBody = matches("error_response");

/** Refused as the protocol has it. */
export const isRefused = [isError, hasErrorBody, blamesTheClient];

/** Of health: what one published reading has as the body of a 200. */
export function emptyOr(schema: SchemaName) {
  return onEach(`an empty body, or one as the schema ${schema} says`, (answer) => {
    if (answer.body.length === 0) return undefined;
    const value = readJson(answer);
    return value === undefined ? `no JSON: ${shown(answer)}` : checkSchema(schema, value);
  });
}

export function hasMember(name: string, value: unknown) {
  return onEach(`a body with "${name}": ${JSON.stringify(value)}`, (answer) => {
    const body = readJson(answer) as Record<string, unknown> | null | undefined;
    return body?.[name] === value ? undefined : `the body is ${shown(answer)}`;
  });
}

export const isJsonType = onEach("content type application/json", ({ headers }) => {
  const type = headers["content-type"];
  return /^application\/json\b/i.test(type ?? "") ? undefined : `content type ${type ?? "absent"}`;
});

const stackFrame = /\n\s+at .+:\d+|Traceback \(most recent call last\)|File "[^"]+", line \d+/;
const hostPath =
  /(?:^|[\s"'(=])(?:\/(?:home|root|usr|opt|var|app|srv|tmp|etc|Users|workspace)\/|[A-Za-z]:\\)[^\s"']*/;

/** Neither lines of a stack nor paths of the machine. */
export const showsNothingInternal = onEach("no stack and no path of the machine in the error", (answer) => {
  if (answer.status < 400) return undefined;
  const value = readJson(answer);
  const text = value === undefined ? answer.body.toString() : stringsOf(value).join("\n");
  if (stackFrame.test(text)) return `a stack: ${cut(text)}`;
  const path = hostPath.exec(text);
  return path === null ? undefined : `a path: ${cut(path[0].trim())}`;
});

function stringsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return value === null || typeof value !== "object" ? [] : Object.values(value).flatMap(stringsOf);
}

/** The beginning of a body, for people. */
export function shown(answer: HttpAnswer): string {
  const text = jsonPartOf(answer).toString();
  return text === "" ? "empty" : cut(text);
}

function told(body: Buffer): string {
  return body.length === 0 ? "" : `: ${cut(body.toString())}`;
}

function cut(text: string): string {
  const line = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
