import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../testing/harness.ts";
import { readKeys } from "./read-keys.ts";

const text = JSON.stringify({ keys: [{ id: "web", key: "a-key-of-enough-length", groups: ["inference"] }] });

async function keyFile(content: string, mode: number): Promise<string> {
  const file = join(await temporaryFolder(), "keys.json");
  await writeFile(file, content);
  await chmod(file, mode);
  return file;
}

test("reads a file that is its owner's alone", async () => {
  expect(await readKeys(await keyFile(text, 0o600))).toMatchObject([{ id: "web" }]);
  expect(await readKeys(await keyFile(text, 0o400))).toMatchObject([{ id: "web" }]);
});

// Windows has no such modes.
test.skipIf(process.platform === "win32").each(["644", "640", "604", "660", "606", "610"])(
  "refuses a file of mode %s, which others can read or change",
  async (mode) => {
    await expect(readKeys(await keyFile(text, Number.parseInt(mode, 8)))).rejects.toMatchObject({
      code: "SERVER_KEYS",
      message: expect.stringMatching(/mode 6\d\d.*chmod 600/),
    });
  },
);

test.each([
  ["an empty file", "", /it is empty/],
  ["a file of broken JSON", text.slice(0, 20), /not JSON/],
])("refuses %s", async (_, content, message) => {
  await expect(readKeys(await keyFile(content, 0o600))).rejects.toMatchObject({
    code: "SERVER_KEYS",
    message: expect.stringMatching(message),
  });
});

test("refuses what is not there, and what is a folder", async () => {
  const dir = join(await temporaryFolder(), "folder");
  await mkdir(dir, { mode: 0o700 });
  for (const path of [join(dir, "none.json"), dir]) {
    await expect(readKeys(path)).rejects.toMatchObject({
      code: "SERVER_KEYS",
      message: expect.stringMatching(/it cannot be read \((ENOENT|EISDIR)\)/),
    });
  }
});
