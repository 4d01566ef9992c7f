/** Compressed forms of the files that pages download, made once at export so that no server compresses while it answers. */
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { artifactFiles, compressedForms } from "@attune/contracts/manifest";

/**
 * What never changes after export and is sent to pages. The manifest is small, and `verify` writes into it: a compressed
 * copy could then be of the manifest before.
 */
const compressible: readonly string[] = [artifactFiles.model, artifactFiles.items];

/** A form that saves less is not worth a second file. */
const minSavedShare = 0.1;

/** A model of 8 MB takes 0.3 s at 5 and 3 s at 9, for one byte in a hundred. */
const brotliQuality = 5;

type Coding = (typeof compressedForms)[number]["coding"];

const compressors: { readonly [C in Coding]: (bytes: Uint8Array) => Promise<Uint8Array> } = {
  br: (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: brotliQuality,
        [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength,
      },
    }),
  async gzip(bytes) {
    const compressed = await promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION });
    compressed[operatingSystemByte] = anyOperatingSystem;
    return compressed;
  },
};

/** Of the header, RFC 1952 §2.3: the same bytes wherever they are made. */
const [operatingSystemByte, anyOperatingSystem] = [9, 255];

/**
 * `model.onnx.br`, `model.onnx.gz` and the like, of those files that shrink by a tenth.
 *
 * @param files - of an artifact, by name. Others than the public ones are left out.
 */
export async function compressFiles(
  files: ReadonlyMap<string, Uint8Array>,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const forms = compressible.flatMap((name) => {
    const bytes = files.get(name);
    return bytes === undefined ? [] : compressedForms.map((form) => ({ ...form, name, bytes }));
  });
  const made = await Promise.all(
    forms.map(async ({ name, bytes, coding, suffix }) => {
      const compressed = await compressors[coding](bytes);
      const isSmaller = compressed.byteLength <= bytes.byteLength * (1 - minSavedShare);
      return isSmaller ? [[`${name}${suffix}`, compressed] as const] : [];
    }),
  );
  return new Map(made.flat());
}
