/** BYTES in the binary extension: a 4-byte little-endian length before each element. Ours are UTF-8. */
import { isUtf8 } from "node:buffer";

const lengthBytes = 4;

/** The elements, or what is wrong in words. Never more than the bytes hold, whatever the lengths say. */
export function readTexts(bytes: Buffer, count: number): readonly string[] | string {
  if (count * lengthBytes > bytes.length) {
    return `${count} elements need at least ${count * lengthBytes} bytes, got ${bytes.length}`;
  }
  const texts = new Array<string>(count);
  let offset = 0;
  for (let index = 0; index < count; index++) {
    const start = offset + lengthBytes;
    const end = start <= bytes.length ? start + bytes.readUInt32LE(offset) : start;
    if (end > bytes.length) return `element ${index} ends behind the data`;
    const element = bytes.subarray(start, end);
    if (!isUtf8(element)) return `element ${index} is not UTF-8`;
    texts[index] = element.toString("utf8");
    offset = end;
  }
  if (offset !== bytes.length) return `${bytes.length - offset} bytes are left behind ${count} elements`;
  return texts;
}

export function writeTexts(texts: readonly string[]): Buffer {
  const total = texts.reduce((sum, text) => sum + lengthBytes + Buffer.byteLength(text), 0);
  const bytes = Buffer.allocUnsafe(total);
  let offset = 0;
  for (const text of texts) {
    const length = bytes.write(text, offset + lengthBytes, "utf8");
    bytes.writeUInt32LE(length, offset);
    offset += lengthBytes + length;
  }
  return bytes;
}
