import { tinyCatalogue, tinyManifest } from "@attune/testkit";
import { expect, test } from "vitest";
import { plainPage } from "./plain-page.ts";

test("names from the data are text, never markup", () => {
  const manifest = {
    ...tinyManifest(tinyCatalogue()),
    name: '<script>alert("x")</script>',
    inputs: [{ name: "a<b&c", kind: "number" as const }],
  };
  const page = plainPage(manifest, "");
  expect(page).not.toContain("<script");
  expect(page).toContain("&#60;script&#62;");
  expect(page).toContain("<li>a&#60;b&#38;c: number</li>");
});

test("without a model it says where to look", () => {
  expect(plainPage(undefined, "A hint.")).toContain("<p>A hint.</p>");
  expect(plainPage(undefined, "")).toContain("readiness says which");
});
