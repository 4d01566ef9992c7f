/**
 * Protocol buffer wire format, reading. Works on spans of one buffer, so that what nobody asks for is never
 * decoded. Every failure is `ONNX_PARSE` with the byte where it was seen.
 */
import { AttuneError } from "@attune/contracts";
import { decodeUtf8 } from "./utf8.ts";

/** A stretch of the file. */
export interface WireSpan {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Whose bytes they are, for messages. */
  readonly source: string;
}

/** One field of a message; the span is its payload, without tag and length. */
export interface WireField extends WireSpan {
  readonly number: number;
  readonly wireType: number;
}

const wireType = { varint: 0, eight: 1, delimited: 2, four: 5 } as const;

/** @throws {AttuneError} `ONNX_PARSE` */
export function failParse(span: WireSpan, byteOffset: number, reason: string): never {
  throw new AttuneError("ONNX_PARSE", { source: span.source, byteOffset, reason });
}

/** Calls `visit` for each field of the message in the span, in file order. */
export function readFields(span: WireSpan, visit: (field: WireField) => void): void {
  const { bytes, end, source } = span;
  let at = span.start;
  while (at < end) {
    const tagEnd = varintEnd(span, at);
    const tag = decodeUnsigned(span, at, tagEnd);
    const type = tag % 8;
    const number = Math.floor(tag / 8);
    if (number === 0) failParse(span, at, "field number 0");
    let start = tagEnd;
    let stop: number;
    if (type === wireType.varint) stop = varintEnd(span, start);
    else if (type === wireType.eight) stop = start + 8;
    else if (type === wireType.four) stop = start + 4;
    else if (type === wireType.delimited) {
      start = varintEnd(span, tagEnd);
      stop = start + decodeUnsigned(span, tagEnd, start);
    } else failParse(span, at, `wire type ${type} of field ${number}`);
    if (stop > end) failParse(span, at, `field ${number} ends ${stop - end} bytes after its message`);
    visit({ bytes, start, end: stop, source, number, wireType: type });
    at = stop;
  }
}

/** Index after the varint that starts at `at`. */
function varintEnd(span: WireSpan, at: number): number {
  const limit = Math.min(span.end, at + 10);
  for (let i = at; i < limit; i++) {
    if ((span.bytes[i] ?? 0) < 128) return i + 1;
  }
  return failParse(
    span,
    at,
    limit === span.end ? "the file ends inside a number" : "a number of over ten bytes",
  );
}

/** Varint of at most 2^53; larger ones are no tag, length or count. */
function decodeUnsigned(span: WireSpan, start: number, end: number): number {
  let value = 0;
  let scale = 1;
  for (let i = start; i < end; i++) {
    value += ((span.bytes[i] ?? 0) & 127) * scale;
    scale *= 128;
  }
  if (!Number.isSafeInteger(value)) failParse(span, start, "a tag or length beyond 2^53");
  return value;
}

function decodeSigned(span: WireSpan, start: number, end: number): bigint {
  let value = 0n;
  for (let i = end - 1; i >= start; i--) value = (value << 7n) | BigInt((span.bytes[i] ?? 0) & 127);
  return BigInt.asIntN(64, value);
}

function requireType(field: WireField, type: number): void {
  if (field.wireType !== type) {
    failParse(field, field.start, `field ${field.number} has wire type ${field.wireType}, not ${type}`);
  }
}

/** int64 as it is. */
export function readBigInt(field: WireField): bigint {
  requireType(field, wireType.varint);
  return decodeSigned(field, field.start, field.end);
}

/** int32, int64 or enum that must be a safe integer. */
export function readInt(field: WireField): number {
  requireType(field, wireType.varint);
  if (field.end - field.start < 8) return decodeUnsigned(field, field.start, field.end);
  const value = Number(readBigInt(field));
  if (!Number.isSafeInteger(value))
    failParse(field, field.start, `the integer of field ${field.number} is beyond 2^53`);
  return value;
}

export function readFloat(field: WireField): number {
  requireType(field, wireType.four);
  return viewOf(field).getFloat32(0, true);
}

/** The bytes of a delimited field, in place. */
export function readBytes(field: WireField): Uint8Array {
  requireType(field, wireType.delimited);
  return field.bytes.subarray(field.start, field.end);
}

export function readString(field: WireField): string {
  return (
    decodeUtf8(readBytes(field)) ??
    failParse(field, field.start, `the text of field ${field.number} is not UTF-8`)
  );
}

/** The field as a message of its own. */
export function readMessage(field: WireField, visit: (inner: WireField) => void): void {
  requireType(field, wireType.delimited);
  readFields(field, visit);
}

/** A repeated integer field, packed or not, onto the end of `into`. */
export function readInts(field: WireField, into: bigint[]): void {
  if (field.wireType === wireType.varint) {
    into.push(readBigInt(field));
    return;
  }
  requireType(field, wireType.delimited);
  for (let at = field.start; at < field.end; ) {
    const end = varintEnd(field, at);
    into.push(decodeSigned(field, at, end));
    at = end;
  }
}

/** A repeated float or double field, packed or not, onto the end of `into`. */
export function readReals(field: WireField, bytes: 4 | 8, into: number[]): void {
  if (field.wireType !== wireType.delimited) requireType(field, bytes === 4 ? wireType.four : wireType.eight);
  const view = viewOf(field);
  if (view.byteLength % bytes !== 0) {
    failParse(
      field,
      field.start,
      `field ${field.number} has ${view.byteLength} bytes, not a multiple of ${bytes}`,
    );
  }
  for (let at = 0; at < view.byteLength; at += bytes) {
    into.push(bytes === 4 ? view.getFloat32(at, true) : view.getFloat64(at, true));
  }
}

function viewOf({ bytes, start, end }: WireSpan): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset + start, end - start);
}
