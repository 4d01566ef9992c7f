// What an earlier run left behind may be damaged: every step makes it anew instead of sending the user in a circle.
import { appendFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeSmallShop } from "./testing/small-shop.ts";
import { createFolder, type Folder } from "./testing/terminal.ts";

let folder: Folder;

/** The only entry of a folder under `.attune`. */
function only(...parts: string[]): string {
  const dir = path.join(folder.dir, ".attune", ...parts);
  const names = readdirSync(dir);
  expect(names).toHaveLength(1);
  return path.join(dir, names[0]!);
}

async function cached(command: string): Promise<boolean> {
  const { code, json, text } = await folder.attune(command);
  expect(code, text).toBe(0);
  return (json as { cached: boolean }).cached;
}

beforeAll(async () => {
  folder = createFolder();
  writeSmallShop(folder);
  expect(await cached("export")).toBe(false);
});
afterAll(() => folder.remove());

test("a damaged dataset is prepared again", async () => {
  expect(await cached("prepare")).toBe(true);
  appendFileSync(path.join(only("datasets"), "events.parquet"), "x");
  expect(await cached("prepare")).toBe(false);
  expect(await cached("prepare")).toBe(true);
});

test.each([
  ["weights", (dir: string) => appendFileSync(path.join(dir, "model.safetensors"), "x")],
  ["manifest", (dir: string) => writeFileSync(path.join(dir, "manifest.json"), "{")],
])("a trained model with damaged %s is trained again", async (_, damage) => {
  expect(await cached("train")).toBe(true);
  damage(only("models"));
  expect(await cached("train")).toBe(false);
  expect(await cached("train")).toBe(true);
});

test("a damaged artifact is kept, refused, and the next export gets a version of its own", async () => {
  expect(await cached("export")).toBe(true);
  appendFileSync(path.join(only("artifacts", "shop"), "model.onnx"), "x");
  const { json } = await folder.attune("verify", "--no-web");
  expect(json).toMatchObject({ error: { code: "ARTIFACT_HASH" } });
  expect(await cached("export")).toBe(false);
  expect((await folder.attune("verify", "--no-web")).code).toBe(0);
});
