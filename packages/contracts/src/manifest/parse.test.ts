import { expect, test } from "vitest";
import { isAttuneError } from "../errors/index.ts";
import { parseArtifactManifest, parseDatasetManifest, parseGoldenFile, parseJsonBytes } from "./parse.ts";

function codeOf(run: () => unknown): { code: string; message: string } {
  try {
    run();
  } catch (error) {
    if (isAttuneError(error)) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error("nothing was thrown");
}

test("a manifest of a newer version says so, whatever else it holds", () => {
  const { code, message } = codeOf(() =>
    parseArtifactManifest({ schemaVersion: 2, surprise: true }, "manifest.json"),
  );
  expect(code).toBe("MANIFEST_VERSION");
  expect(message).toContain("upgrade");
});

test("every problem of a manifest is listed with its path, in words", () => {
  const { code, message } = codeOf(() =>
    parseGoldenFile({ schemaVersion: 1, reference: 3, rows: [{ name: "user" }] }, "golden.json"),
  );
  expect(code).toBe("MANIFEST_INVALID");
  expect(message).toContain("reference: Invalid input: expected string, received number");
  expect(message).toContain("rows[0].history: ");
});

test.each([null, undefined, "text", 1, []])("%s is no manifest", (input) => {
  expect(codeOf(() => parseDatasetManifest(input, "manifest.json")).code).toBe("MANIFEST_INVALID");
});

test("bytes that are no JSON are no manifest, and say why", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  expect(parseJsonBytes(bytes('{ "name": "é" }'), "manifest.json")).toEqual({ name: "é" });
  for (const text of ["", "{", "undefined"]) {
    const { code, message } = codeOf(() => parseJsonBytes(bytes(text), "manifest.json"));
    expect(code).toBe("MANIFEST_INVALID");
    expect(message).toMatch(/^manifest\.json .*\(root\): not JSON \(/s);
  }
});
