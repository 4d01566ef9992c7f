import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hashBytes, hashFile } from "./hash.ts";
import { readBytes } from "./read-bytes.ts";

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "attune-hash-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

test("the published sha256 of three bytes", () => {
  // FIPS 180-2, appendix B.1
  expect(hashBytes(new TextEncoder().encode("abc"))).toEqual({
    sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    bytes: 3,
  });
});

test.each([0, 1, (1 << 20) - 1, (1 << 20) + 1, 3 << 20])(
  "a file of %i bytes is hashed as its bytes",
  async (size) => {
    const path = join(root, String(size));
    const bytes = Uint8Array.from({ length: size }, (_, index) => index % 251);
    await writeFile(path, bytes);

    expect(await hashFile(path)).toEqual(hashBytes(bytes));
    expect(hashBytes(await readBytes(path))).toEqual(hashBytes(bytes));
  },
);

test.each([hashFile, readBytes])("a file that is not there: %o", async (read) => {
  const path = join(root, "none");
  await expect(read(path)).rejects.toMatchObject({
    code: "FILE_READ",
    details: { path, reason: "ENOENT: no such file or directory" },
    cause: { code: "ENOENT" },
  });
});
