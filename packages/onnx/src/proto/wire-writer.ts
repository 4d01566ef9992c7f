/** Protocol buffer wire format, writing. @see https://protobuf.dev/programming-guides/encoding/ */
import { encodeUtf8 } from "./utf8.ts";

/** Bytes from here on are kept by reference until the end, so that large tensors are copied once. */
const largeBytes = 1 << 12;

export interface WireWriter {
  /** int32, int64, enum. Safe integers; negative ones take ten bytes. */
  int(field: number, value: number): void;
  float(field: number, value: number): void;
  /** Length-delimited bytes. */
  bytes(field: number, value: Uint8Array): void;
  string(field: number, value: string): void;
  message(field: number, write: (writer: WireWriter) => void): void;
}

/** One message: what `write` writes, in that order. */
export function encodeMessage(write: (writer: WireWriter) => void): Uint8Array {
  const sink = createSink();
  write(sink.writer);
  const out = new Uint8Array(sink.length());
  let at = 0;
  for (const chunk of sink.chunks()) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

interface Sink {
  readonly writer: WireWriter;
  length(): number;
  chunks(): readonly Uint8Array[];
}

function createSink(): Sink {
  const done: Uint8Array[] = [];
  let doneLength = 0;
  let open = new Uint8Array(64);
  let used = 0;

  function flush(): void {
    if (used === 0) return;
    done.push(open.slice(0, used));
    doneLength += used;
    used = 0;
  }
  function byte(value: number): void {
    if (used === open.length) {
      const larger = new Uint8Array(open.length * 2);
      larger.set(open);
      open = larger;
    }
    open[used++] = value;
  }
  function varint(value: number): void {
    let rest = value < 0 ? lowGroups(value) : value;
    while (rest > 127) {
      byte((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    byte(rest);
  }
  /** Negative numbers are 64-bit two's complement: writes seven groups of seven bits, returns the last fifteen bits. */
  function lowGroups(value: number): number {
    let rest = BigInt.asUintN(64, BigInt(value));
    for (let group = 0; group < 7; group++) {
      byte(Number(rest & 127n) + 128);
      rest >>= 7n;
    }
    return Number(rest);
  }
  function append(value: Uint8Array): void {
    if (value.length < largeBytes) {
      for (const item of value) byte(item);
      return;
    }
    flush();
    done.push(value);
    doneLength += value.length;
  }
  const tag = (field: number, wireType: number) => varint(field * 8 + wireType);

  const writer: WireWriter = {
    int(field, value) {
      tag(field, 0);
      varint(value);
    },
    float(field, value) {
      tag(field, 5);
      const four = new DataView(new ArrayBuffer(4));
      four.setFloat32(0, value, true);
      append(new Uint8Array(four.buffer));
    },
    bytes(field, value) {
      tag(field, 2);
      varint(value.length);
      append(value);
    },
    string(field, value) {
      writer.bytes(field, encodeUtf8(value));
    },
    message(field, write) {
      const inner = createSink();
      write(inner.writer);
      tag(field, 2);
      varint(inner.length());
      for (const chunk of inner.chunks()) append(chunk);
    },
  };
  return {
    writer,
    length: () => doneLength + used,
    chunks() {
      flush();
      return done;
    },
  };
}
