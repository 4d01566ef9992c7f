/**
 * The one table of failures and the one error class. A package's codes live in its own file here;
 * prefix = package. Codes are never renamed or reused. docs/errors.md is written from this table.
 */
import { cliErrors } from "./cli.ts";
import { configErrors } from "./config.ts";
import { dataErrors } from "./data.ts";
import { exportErrors } from "./export.ts";
import { fileErrors } from "./file.ts";
import { metricsErrors } from "./metrics.ts";
import { numericErrors } from "./numeric.ts";
import { onnxErrors } from "./onnx.ts";
import { platformErrors } from "./platform.ts";
import { runtimeErrors } from "./runtime.ts";
import { serverErrors } from "./server.ts";
import { traceErrors } from "./trace.ts";
import { trainErrors } from "./train.ts";

export const errorMessages = {
  ...platformErrors,
  ...configErrors,
  ...fileErrors,
  ...dataErrors,
  ...numericErrors,
  ...metricsErrors,
  ...onnxErrors,
  ...traceErrors,
  ...trainErrors,
  ...exportErrors,
  ...runtimeErrors,
  ...serverErrors,
  ...cliErrors,
} satisfies Record<string, (details: never) => string>;

export type ErrorCode = keyof typeof errorMessages;
export type ErrorDetails<C extends ErrorCode> = Parameters<(typeof errorMessages)[C]>[0];

/** The status an HTTP server answers with: a failure names its own in the table, 500 where a request cannot cause it. */
export function httpStatus(code: ErrorCode): number {
  const message = errorMessages[code];
  return "status" in message ? message.status : 500;
}

/** An error as plain data, for a worker message, an HTTP body or a JSON line. */
export interface WireError {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly details: unknown;
}

/** `code` is for programs, `message` for people, `details` is what we knew, `cause` what we caught. */
export class AttuneError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = "AttuneError";
  readonly code: C;
  readonly details: ErrorDetails<C>;

  constructor(code: C, details: ErrorDetails<C>, options?: ErrorOptions) {
    const render: (d: never) => string = errorMessages[code];
    super(render(details as never), options);
    this.code = code;
    this.details = details;
  }

  toJSON(): WireError {
    return { name: this.name, code: this.code, message: this.message, details: this.details };
  }
}

/** By name and code, not `instanceof`: the error may come from a worker or a second copy of this package. */
export function isAttuneError<C extends ErrorCode>(error: unknown, code?: C): error is AttuneError<C> {
  if (!(error instanceof Error) || error.name !== "AttuneError" || !("code" in error)) return false;
  return code === undefined || error.code === code;
}
