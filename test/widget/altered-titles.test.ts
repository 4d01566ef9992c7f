// What the element shows of a file is what the manifest promises, or nothing: titles that were altered on the way are not shown.
import { expect, test } from "vitest";
import { createBench } from "./demo-page.ts";
import { filmArtifact } from "./film-artifact.ts";

const bench = createBench(filmArtifact(), {
  "one.html": `<!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title>
    <script type="module" src="attune-recommendations.js"></script>
    <attune-recommendations k="3"></attune-recommendations>`,
});

const titles = () => bench().open({ path: "/one.html" });

test("titles of the manifest's items.json are shown, from the address of the version", async () => {
  const { page, requests } = await titles();
  await page.locator("li .title", { hasText: /[A-Z]/ }).first().waitFor();
  const files = requests.filter((url) => /(model\.onnx|items\.json)/.test(url));
  expect(files.length).toBe(2);
  for (const url of files) expect(url).toMatch(/\/artifact\/[0-9a-f]{64}\/[a-z.]+\?v=[0-9a-f]{64}$/);
});

test("altered titles are not shown", async () => {
  const { page } = await bench().open({
    path: "/one.html",
    prepare: (page) =>
      page.context().route("**/items.json*", async (route) => {
        const response = await route.fetch();
        const body = (await response.text()).replaceAll(/"title":"[^"]*"/g, '"title":"Altered"');
        await route.fulfill({ response, body });
      }),
  });
  await page.locator("li .title").first().waitFor();
  await page.waitForLoadState("networkidle");
  const shown = await page.locator("li .title").allTextContents();
  expect(shown).toHaveLength(3);
  for (const title of shown) expect(title).toMatch(/^\d+$/);
});
