/** Files that are no UTF-8 text whatever their name says, told by their first bytes. */
import { AttuneError } from "@attune/contracts";

const signatures: readonly (readonly [bytes: Buffer, reason: string])[] = [
  [Buffer.from([0x1f, 0x8b]), "it is compressed (gzip); unpack it first"],
  [Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), "it is compressed (zstd); unpack it first"],
  [Buffer.from("\xfd7zXZ\0", "latin1"), "it is compressed (xz); unpack it first"],
  [Buffer.from("BZh91AY&SY"), "it is compressed (bzip2); unpack it first"],
  [Buffer.from("PK\x03\x04"), "it is a ZIP archive, as .xlsx files are; unpack it, or export it as CSV"],
  [Buffer.from("PAR1\x15"), "it is a Parquet file; give it the ending .parquet"],
];

/** An ordinary header is longer; of fewer bytes nothing can be said. */
const leastBytes = 8;
const lookedAtBytes = 32;

/**
 * @param beginning - the first bytes of a text file, as many as there are up to some hundred.
 * @throws {AttuneError} `DATA_ENCODING` for UTF-16, with its mark or without; `DATA_MALFORMED` for compressed files,
 * archives and Parquet.
 */
export function refuseOtherContent(path: string, beginning: Buffer): void {
  const encoding = findUtf16(beginning);
  if (encoding !== undefined) throw new AttuneError("DATA_ENCODING", { path, byteOffset: 0, encoding });
  const found = signatures.find(([bytes]) => beginning.subarray(0, bytes.length).equals(bytes));
  if (found !== undefined) throw new AttuneError("DATA_MALFORMED", { path, reason: found[1] });
}

/** As iconv names it. */
function findUtf16(beginning: Buffer): string | undefined {
  const mark = beginning.length < 2 ? 0 : beginning.readUInt16BE(0);
  if (mark === 0xfffe || mark === 0xfeff) return "utf-16";
  const start = beginning.subarray(0, lookedAtBytes);
  if (start.length < leastBytes) return undefined;
  // Every other byte of ASCII is U+0000 there, and none of the others.
  const isAscii = (isHigh: (at: number) => boolean) => start.every((byte, at) => (byte === 0) === isHigh(at));
  if (isAscii((at) => at % 2 === 1)) return "utf-16le";
  return isAscii((at) => at % 2 === 0) ? "utf-16be" : undefined;
}
