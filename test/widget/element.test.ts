// The element in a page of somebody else: a plain script tag, attributes, properties, events, several at once.
import { readdirSync } from "node:fs";
import path from "node:path";
import type { AttuneRecommendations } from "@attune/widget";
import { AxeBuilder } from "@axe-core/playwright";
import { describe, expect, test } from "vitest";
import { createBench, damageModel } from "./demo-page.ts";
import { filmArtifact } from "./film-artifact.ts";

const page = (body: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,">
<script type="module" src="attune-recommendations.js"></script></head><body><main><h1>Shop</h1>${body}</main></body></html>`;

const bench = createBench(filmArtifact({ titles: false }), {
  "one.html": page(
    `<attune-recommendations history="1214" k="3" heading="For you"></attune-recommendations>`,
  ),
  "some.html": page(`<attune-recommendations history="1214" allow="597 1258"></attune-recommendations>`),
  "two.html": page(
    `<attune-recommendations id="a" artifact="artifact" history="1214"></attune-recommendations>
     <attune-recommendations id="b" artifact="artifact/" history="597" k="4"></attune-recommendations>`,
  ),
  "far.html": page(
    `<div style="height: 4000px"></div><attune-recommendations id="far"></attune-recommendations>`,
  ),
});

describe("<attune-recommendations>", () => {
  test("works from a script tag; without titles it shows ids", async () => {
    const { page, complaints } = await bench().open({ path: "/one.html" });
    await page.locator("li").first().waitFor();
    expect(await page.getByRole("heading", { name: "For you" }).count()).toBe(1);
    expect(await page.locator("li .title").allTextContents()).toEqual(["1258", "2571", "6365"]);
    expect(await page.locator(".note").textContent()).toBe("Chosen from your history");
    expect(complaints).toEqual([]);
  });

  test("itemDetails, history and exclude are properties; the list follows at once", async () => {
    const { page } = await bench().open({ path: "/one.html" });
    await page.locator("li").first().waitFor();
    const details = await page
      .locator("attune-recommendations")
      .evaluate((element: AttuneRecommendations) => {
        element.itemDetails = { 1258: "Shining, The (1980)", 597: "Pretty Woman (1990)" };
        element.exclude = ["2571"];
        return new Promise<unknown>((resolve) => {
          element.addEventListener("attune-recommendations", (event) => resolve(event.detail), {
            once: true,
          });
          element.history = [{ item: "1214", weight: 2 }, "no-such-item"];
        });
      });
    expect(details).toMatchObject({ source: "model", unknown: 1, ids: ["1258", "6365", "260"] });
    expect(details).toHaveProperty("scores");
    expect(details).toHaveProperty("elapsedMs");
    expect(details).toHaveProperty("modelSha256", expect.stringMatching(/^[0-9a-f]{64}$/));
    expect(await page.locator("li .title").allTextContents()).toEqual(["The Shining", "6365", "260"]);
  });

  test("allow says what may be shown, as an attribute and as a property; columns the model lacks are an error", async () => {
    const { page } = await bench().open({ path: "/some.html" });
    await page.locator("li").first().waitFor();
    expect(await page.locator("li .title").allTextContents()).toEqual(["1258", "597"]);
    const outcomes = await page
      .locator("attune-recommendations")
      .evaluate(async (element: AttuneRecommendations) => {
        const next = (name: "attune-recommendations" | "attune-error") =>
          new Promise<unknown>((resolve) => {
            element.addEventListener(name, (event) => resolve(event.detail), { once: true });
          });
        const answer = next("attune-recommendations");
        element.allow = ["260", "no-such-item"];
        const shown = await answer;
        const error = next("attune-error");
        element.features = { age: 41 };
        return [shown, await error];
      });
    expect(outcomes[0]).toMatchObject({ ids: ["260"] });
    expect(outcomes[1]).toMatchObject({ code: "REQUEST_INVALID" });
  });

  test("several elements share one download and one worker", async () => {
    const { page, requests } = await bench().open({ path: "/two.html" });
    await page.locator("#a li").first().waitFor();
    await page.locator("#b li").first().waitFor();
    expect(await page.locator("#a li .title").first().textContent()).toBe("1258");
    expect(await page.locator("#b li .title").allTextContents()).toHaveLength(4);
    expect(page.workers()).toHaveLength(1);
    expect(requests.filter((url) => url.includes("model.onnx"))).toHaveLength(1);
  });

  test("loads nothing until it comes near", async () => {
    const { page, requests } = await bench().open({ path: "/far.html" });
    await page.locator("#far .ghost").first().waitFor({ state: "attached" });
    expect(page.workers()).toHaveLength(0);
    await page.locator("#far").scrollIntoViewIfNeeded();
    await page.locator("#far li").first().waitFor();
    expect(requests.filter((url) => url.includes("model.onnx"))).toHaveLength(1);
  });

  test("an error is an event with data, and a sentence with a button", async () => {
    const { page } = await bench().open({
      path: "/one.html",
      prepare: async (page) => {
        await damageModel(page);
        await page.addInitScript(() => {
          addEventListener("attune-error", (event) => {
            Object.assign(window, { failure: (event as CustomEvent).detail });
          });
        });
      },
    });
    await page.getByRole("button", { name: "Try again" }).waitFor();
    const failure = await page.evaluate(() => (window as Window & { failure?: unknown }).failure);
    expect(failure).toMatchObject({ name: "AttuneError", code: "RUNTIME_HASH" });
    expect(failure).toHaveProperty("message", expect.stringContaining("model.onnx"));
  });

  test("taken out and put back it answers again; another k is another answer", async () => {
    const { page } = await bench().open({ path: "/one.html" });
    await page.locator("li").first().waitFor();
    await page.locator("attune-recommendations").evaluate((element) => {
      const parent = element.parentElement!;
      element.remove();
      parent.append(element);
      element.setAttribute("k", "5");
    });
    await page.locator("li:nth-child(5)").waitFor();
    expect(await page.locator("li").count()).toBe(5);
  });

  test("colours and type come from outside", async () => {
    const { page } = await bench().open({ path: "/one.html" });
    await page.locator("li").first().waitFor();
    await page.addStyleTag({
      content: `attune-recommendations { --attune-text: rgb(1, 2, 3); --attune-font: 20px serif }
        attune-recommendations::part(title) { text-transform: uppercase }`,
    });
    const look = await page
      .locator("li .title")
      .first()
      .evaluate((title) => {
        const { color, fontFamily, textTransform } = getComputedStyle(title);
        return { color, fontFamily, textTransform };
      });
    expect(look).toEqual({ color: "rgb(1, 2, 3)", fontFamily: "serif", textTransform: "uppercase" });
  });

  test.each(["light", "dark"] as const)("is readable by default in a page that is %s", async (scheme) => {
    const { page } = await bench().open({ path: "/two.html", colorScheme: scheme });
    await page.addStyleTag({
      content: ":root { color-scheme: light dark; background: Canvas; color: CanvasText }",
    });
    await page.locator("#b").evaluate((element) => element.setAttribute("artifact", "nowhere/"));
    await page.locator("#a li").first().waitFor();
    await page.getByRole("button", { name: "Try again" }).waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])).toEqual([]);
  });

  test("the demo page serves a catalogue without titles as well", async () => {
    const { page, complaints } = await bench().open();
    await page.locator('#verdict[data-verdict="same"]').waitFor();
    await page.locator(".poster").first().waitFor();
    expect(await page.locator("#here .note").textContent()).toBe(
      "Popular with everyone; pick an item to make it yours",
    );
    expect(await page.locator("#here li .title").first().textContent()).toBe("318");
    await page.getByRole("combobox").pressSequentially("121");
    await page.keyboard.press("Enter");
    await page.locator(".chip", { hasText: "1214" }).waitFor();
    expect(complaints).toEqual([]);
  });
});

test("the build holds one wasm, the small one, and no inline script", () => {
  const files = readdirSync(path.join(bench().pagesDir), { recursive: true }).map(String);
  expect(files.filter((file) => file.endsWith(".wasm"))).toEqual([
    expect.stringMatching(/^assets[/\\]ort-wasm-simd-threaded-[\w-]+\.wasm$/),
  ]);
  expect(files).toEqual(expect.arrayContaining(["index.html", "parity.html", "attune-recommendations.js"]));
});
