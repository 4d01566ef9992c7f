/** One body, two parts: JSON, and behind it the binary data of tensors. */
import { AttuneError } from "@attune/contracts";

export interface SplitBody {
  /** Absent for a raw binary request: the whole body is the one input's data. */
  readonly json?: Buffer;
  readonly binary: Buffer;
}

/** Says how long the JSON is where binary data follows; in requests and answers alike. */
export const headerLengthName = "inference-header-content-length";

/** @throws {AttuneError} `SERVER_HEADER_INVALID` when the JSON would not end within the body. */
export function splitBody(header: string | string[] | undefined, body: Buffer): SplitBody {
  if (header === undefined) return { json: body, binary: body.subarray(body.length) };
  const length = typeof header === "string" && /^[0-9]{1,15}$/.test(header) ? Number(header) : Number.NaN;
  if (!(length <= body.length)) {
    const issue = `${headerLengthName}: expected the bytes of the JSON, at most ${body.length}, which is the whole body`;
    throw new AttuneError("SERVER_HEADER_INVALID", { issues: [issue] });
  }
  if (length === 0) return { binary: body };
  return { json: body.subarray(0, length), binary: body.subarray(length) };
}
