// The element under pages that set things early, late, wrong, or while it loads.
import type { AttuneRecommendations } from "@attune/widget";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { createBench } from "./demo-page.ts";
import { filmArtifact } from "./film-artifact.ts";

const page = (body: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,">
<script type="module" src="attune-recommendations.js"></script></head><body>${body}</body></html>`;
const one = (attributes: string) =>
  page(`<attune-recommendations loading="eager" ${attributes}></attune-recommendations>`);

const bench = createBench(filmArtifact(), {
  "one.html": one(`history="1214" k="3"`),
  "pick.html": one(`history="1214" k="3" selectable`),
  "huge.html": one(`history="1214" k="1000000000"`),
  "no-address.html": one(`history="1214" k="3" artifact="http://["`),
  // A classic script runs before the module that defines the element.
  "early.html": page(
    `<attune-recommendations loading="eager" k="1"></attune-recommendations><script src="early.js"></script>`,
  ),
  "early.js": `const element = document.querySelector("attune-recommendations");
    element.history = ["1214"];
    element.itemDetails = { 1258: "Set early" };`,
});

const titles = (page: Page) => page.locator("li .title").allTextContents();
const element = (page: Page) => page.locator("attune-recommendations");
const expected = ["The Shining", "The Matrix", "The Matrix Reloaded"];

test("properties set before the element is defined are not lost", async () => {
  const { page, complaints } = await bench().open({ path: "/early.html" });
  await page.locator("li").first().waitFor();
  expect(await titles(page)).toEqual(["Set early"]);
  expect(await page.locator(".note").textContent()).toBe("Chosen from your history");
  expect(complaints).toEqual([]);
});

test("a k beyond all reason gives what there is, not a page that hangs", async () => {
  const { page } = await bench().open({ path: "/huge.html" });
  await page.locator("li").first().waitFor();
  expect(await titles(page)).toHaveLength(23);
});

test("an artifact attribute that is no address is an error with words, and can be put right", async () => {
  const { page, complaints } = await bench().open({ path: "/no-address.html" });
  await page.getByRole("button", { name: "Try again" }).waitFor();
  await element(page).evaluate((host) => host.setAttribute("artifact", "artifact/"));
  await page.locator("li").first().waitFor();
  expect(await titles(page)).toEqual(expected);
  expect(complaints).toEqual([]);
});

test("new words rename the buttons of rows that stay", async () => {
  const { page } = await bench().open({ path: "/pick.html" });
  await page.getByRole("button", { name: "Pick The Shining (1980)" }).waitFor();
  await element(page).evaluate((host: AttuneRecommendations) => {
    host.words = { select: (label) => `Take ${label}` };
  });
  await page.getByRole("button", { name: "Take The Shining (1980)" }).waitFor();
});

test("a column that is a number, and none that is text, are shown and do not break the list", async () => {
  const { page, complaints } = await bench().open({ path: "/one.html" });
  await page.locator("li").first().waitFor();
  await element(page).evaluate((host) => {
    const rows = [
      { id: "1258", title: "The Shining", price: 7, tags: null },
      { id: "2571", title: "The Matrix", price: 9, tags: ["a", "b"] },
    ];
    Object.assign(host, { itemDetails: rows });
  });
  expect(await page.locator("li .meta").allTextContents()).toEqual(["7", "9"]);
  await element(page).evaluate((host) => Object.assign(host, { itemDetails: undefined }));
  await page.locator("li .title", { hasText: "The Matrix Reloaded" }).waitFor();
  expect(complaints).toEqual([]);
});

test("a connection that comes back brings the titles too", async () => {
  let isDown = true;
  const { page } = await bench().open({
    path: "/one.html",
    prepare: (page) =>
      page.context().route("**/artifact/**", (route) => (isDown ? route.abort() : route.continue())),
  });
  await page.getByRole("button", { name: "Try again" }).waitFor();
  isDown = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator("li .title", { hasText: "The Shining" }).waitFor();
  expect(await titles(page)).toEqual(expected);
});

test("markup in ids and titles is text", async () => {
  const { page, complaints } = await bench().open({ path: "/pick.html" });
  await page.locator("li").first().waitFor();
  const markup = `"><img src=x onerror="document.title='broken'">`;
  await element(page).evaluate((host: AttuneRecommendations, markup) => {
    host.itemDetails = { 1258: markup, 2571: { id: "2571", title: markup, [markup]: markup } };
    host.history = [markup, "1214", ...Array.from({ length: 1000 }, (_, index) => `<b>${index}</b>`)];
    host.exclude = [markup];
    host.setAttribute("heading", markup);
  }, markup);
  await page.locator("li .title", { hasText: "onerror" }).first().waitFor();
  expect(await page.locator("attune-recommendations img").count()).toBe(0);
  expect(await page.title()).toBe("Shop");
  expect(complaints).toEqual([]);
});

test("changed, taken out and put back while it loads, it shows the last wish once", async () => {
  const { page, complaints } = await bench().open({
    path: "/one.html",
    prepare: (page) =>
      page.context().route("**/artifact/**/model.onnx*", async (route) => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        await route.continue();
      }),
  });
  await element(page).evaluate((host: AttuneRecommendations) => {
    const body = document.body;
    for (let round = 0; round < 20; round++) {
      host.setAttribute("k", String(1 + round));
      host.setAttribute("artifact", round % 2 === 0 ? "elsewhere/" : "artifact/");
      host.remove();
      body.append(host);
      host.history = [String(round)];
    }
    host.history = ["1214"];
    host.setAttribute("k", "3");
  });
  await page.locator("li").first().waitFor();
  expect(await titles(page)).toEqual(expected);
  expect(page.workers()).toHaveLength(1);
  expect(complaints.filter((line) => !line.includes("404"))).toEqual([]);
});
