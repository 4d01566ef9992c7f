/** Leaves `.br` and `.gz` beside each asset that shrinks, so that no server compresses 14 MB of wasm while it answers. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

/** A form that saves less is not worth a second file. */
const minSavedShare = 0.1;

/** The wasm takes 2.4 s at 9, once a release; at 11 half a minute for a tenth less. */
const brotliQuality = 9;

/** Of the header, RFC 1952 §2.3: "unknown", so that the same assets give the same bytes wherever they are built. */
const [operatingSystemByte, anyOperatingSystem] = [9, 255];

const forms: Readonly<Record<string, (bytes: Uint8Array) => Promise<Buffer>>> = {
  ".br": (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: brotliQuality,
        [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength,
      },
    }),
  async ".gz"(bytes) {
    const compressed = await promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION });
    compressed[operatingSystemByte] = anyOperatingSystem;
    return compressed;
  },
};

/** For files with a hash in their name: the pages themselves are small, and somebody may edit them where they are served. */
export function compressAssets(): Plugin {
  return {
    name: "attune:compress-assets",
    apply: "build",
    async writeBundle({ dir = "dist" }, bundle) {
      const assets = Object.entries(bundle).filter(([name]) => name.startsWith("assets/"));
      await Promise.all(
        assets.flatMap(([name, file]) => {
          const bytes = Buffer.from(file.type === "chunk" ? file.code : file.source);
          return Object.entries(forms).map(async ([suffix, compress]) => {
            const compressed = await compress(bytes);
            if (compressed.byteLength > bytes.byteLength * (1 - minSavedShare)) return;
            await writeFile(path.join(dir, name + suffix), compressed);
          });
        }),
      );
    },
  };
}
