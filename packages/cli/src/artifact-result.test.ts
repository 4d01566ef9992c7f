// Every command that has to do with an artifact names it in the same way, and versions can be given.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startAttune } from "./testing/process.ts";
import { writeSmallShop } from "./testing/small-shop.ts";
import { createFolder, type Folder } from "./testing/terminal.ts";

let folder: Folder;
beforeAll(async () => {
  folder = createFolder();
  writeSmallShop(folder);
  expect((await folder.attune("export", "--as", "7")).code).toBe(0);
});
afterAll(() => folder.remove());

const dir = ".attune/artifacts/shop/7";

function expected() {
  const model = readFileSync(path.join(folder.dir, dir, "model.onnx"));
  const sha256 = createHash("sha256").update(model).digest("hex");
  return { name: "shop", version: 7, path: dir, sha256, bytes: model.length };
}

test.each([
  ["quickstart", "--no-serve", "--no-web"],
  ["export"],
  ["verify", "--no-web"],
  ["recommend", "--history", "i1"],
  ["inspect", dir],
  ["inspect", `${dir}/model.onnx`],
])("attune %s prints the artifact", async (...argv) => {
  const { code, json, text } = await folder.attune(...argv);
  expect(code, text).toBe(0);
  expect((json as { artifact: unknown }).artifact).toEqual(expected());
});

test("attune serve prints the artifact", async () => {
  const child = startAttune(["serve", "--port", "0", "--json"], folder.dir);
  let line = "";
  for await (const chunk of child.stdout!) {
    line += String(chunk);
    if (line.includes("\n")) child.kill("SIGTERM");
  }
  expect((JSON.parse(line) as { artifact: unknown }).artifact).toEqual(expected());
});

test("a model beside another artifact's manifest is not taken for it", async () => {
  const copy = readFileSync(path.join(folder.dir, dir, "model.onnx"));
  const other = createFolder();
  try {
    other.write("model.onnx", copy);
    other.write("manifest.json", "{}");
    const { code, json } = await other.attune("inspect", "model.onnx");
    expect(code).toBe(0);
    expect(json).not.toHaveProperty("artifact");
  } finally {
    other.remove();
  }
});

describe("--as", () => {
  test("of a version that holds this export takes it", async () => {
    const { json } = await folder.attune("export", "--as", "7");
    expect(json).toMatchObject({ cached: true, artifact: { version: 7 } });
  });

  test("of a version that holds another export is refused, and the version stays", async () => {
    const before = expected();
    const config = path.join(folder.dir, "attune.config.json");
    const kept = readFileSync(config);
    writeSmallShop(folder, { seed: 2 });
    const { code, json } = await folder.attune("export", "--as", "7", "--allow-worse");
    writeFileSync(config, kept);
    expect(code).toBe(1);
    expect(json).toMatchObject({
      error: {
        code: "FILE_WRITE",
        message: expect.stringContaining("version 7 is there and holds another export"),
      },
    });
    expect(expected()).toEqual(before);
    expect(readdirSync(path.join(folder.dir, ".attune/artifacts/shop"))).toEqual(["7"]);
  });

  test("has no effect on a tfjs export, which says so", async () => {
    const { code, json } = await folder.attune("export", "--tfjs", "m", "--out", "m.onnx", "--as", "7");
    expect(code).toBe(2);
    expect(json).toMatchObject({ error: { message: expect.stringContaining("--as has no effect") } });
  });
});
