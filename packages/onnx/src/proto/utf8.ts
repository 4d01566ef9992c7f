/** UTF-8 through the codecs that every host has, declared here because ES2023 alone does not know them. */
interface Utf8Codecs {
  TextEncoder: new () => { encode(text: string): Uint8Array };
  TextDecoder: new (
    label: "utf-8",
    options: { fatal: true; ignoreBOM: true },
  ) => { decode(bytes: Uint8Array): string };
}

const host = globalThis as unknown as Utf8Codecs;
const encoder = new host.TextEncoder();
const decoder = new host.TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Lone surrogates become U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** The text, or `undefined` when the bytes are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
