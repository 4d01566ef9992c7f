// The demo page as a person uses it: real server, real model, real browser.
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createBench, damageModel, layouts, titlesOf, waitForVerdict } from "./demo-page.ts";
import { filmArtifact, films } from "./film-artifact.ts";

const artifact = filmArtifact();
const modelSha256 = createHash("sha256").update(artifact["model.onnx"]!).digest("hex");
const bench = createBench(artifact);
const fallback = "Popular with everyone; pick a film to make it yours";

describe("the demo page", () => {
  test("begins with what is popular, and says so on both sides", async () => {
    const { page, complaints, requests } = await bench().open();
    await waitForVerdict(page, "same");
    expect(await page.locator("#here .note").textContent()).toBe(fallback);
    expect(await page.locator("#there .note").textContent()).toBe(fallback);
    const titles = await titlesOf(page, "here");
    expect(titles.slice(0, 3)).toEqual(["The Shawshank Redemption", "Forrest Gump", "The Matrix"]);
    expect(titles).toHaveLength(10);
    expect(await page.locator("#facts").textContent()).toContain("24 films in one file");
    expect(complaints).toEqual([]);
    const elsewhere = requests.filter((url) => !url.startsWith(`${bench().url}/`));
    expect(elsewhere).toEqual([]);
    expect(requests.some((url) => url.endsWith(".wasm"))).toBe(true);
  });

  test("a tap on a poster changes both lists; a chip takes it back", async () => {
    const { page, complaints } = await bench().open();
    await waitForVerdict(page, "same");
    await page.getByRole("button", { name: "Alien 1979" }).click();
    await page.locator("#here .note", { hasText: "Chosen from your picks" }).waitFor();
    await page.locator("#there .note", { hasText: "Chosen from your picks" }).waitFor();
    const titles = await titlesOf(page, "here");
    expect(titles.slice(0, 3)).toEqual(["The Shining", "The Matrix", "The Matrix Reloaded"]);
    expect(titles).not.toContain("Alien");
    expect(await titlesOf(page, "there")).toEqual(titles);
    expect(await page.getByRole("button", { name: "Alien 1979" }).getAttribute("aria-pressed")).toBe("true");
    expect(page.url()).toBe(`${bench().url}/#item=1214`);

    await page.getByRole("button", { name: "Remove Alien (1979)" }).click();
    await page.locator("#here .note", { hasText: fallback }).waitFor();
    expect(page.url()).toBe(`${bench().url}/`);
    expect(complaints).toEqual([]);
  });

  test("picks by keyboard alone: search, arrow keys, Enter; chips, Start over", async () => {
    const { page, complaints } = await bench().open();
    await waitForVerdict(page, "same");
    // Slow enough that every pick takes back the question before it.
    await page.route("**/v1/recommend", async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      await route.continue().catch(() => undefined);
    });
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the search");
    await page.keyboard.press("Enter");
    const search = page.getByRole("combobox", { name: "Search the catalogue" });
    await page.keyboard.type("matrix");
    expect(await search.getAttribute("aria-expanded")).toBe("true");
    expect(await page.getByRole("option").allTextContents()).toHaveLength(2);
    await page.keyboard.press("ArrowDown");
    const active = await search.getAttribute("aria-activedescendant");
    expect(await page.locator(`#${active}`).textContent()).toContain("The Matrix Reloaded");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    expect(await search.inputValue()).toBe("");
    expect(await search.getAttribute("aria-expanded")).toBe("false");
    await page.locator("#here .title", { hasText: "The Matrix Reloaded" }).waitFor();
    expect((await titlesOf(page, "here"))[0]).toBe("The Matrix Reloaded");

    await page.keyboard.type("amélie");
    await page.keyboard.press("Enter");
    expect(await page.locator(".chip").allTextContents()).toEqual(["The Matrix", "Amelie"]);

    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await page.locator(".chip").allTextContents()).toEqual(["Amelie"]);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Amelie");

    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Shift+Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Start over");
    await page.keyboard.press("Enter");
    await page.locator("#here .note", { hasText: fallback }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("search");
    expect(complaints).toEqual([]);
  });

  test("Escape closes the matches, then empties the field; nothing found is said", async () => {
    const { page } = await bench().open();
    await waitForVerdict(page, "same");
    const search = page.getByRole("combobox");
    await search.fill("toy");
    await search.press("Escape");
    expect(await page.getByRole("listbox").count()).toBe(0);
    expect(await search.inputValue()).toBe("toy");
    await search.press("Escape");
    expect(await search.inputValue()).toBe("");
    await search.pressSequentially("zzz");
    expect(await page.locator("#no-match").isVisible()).toBe(true);
    expect(await page.locator("#said").textContent()).toBe("Nothing found.");
  });

  test("a film of the list can be picked from it, and the focus stays in the list", async () => {
    const { page } = await bench().open();
    await waitForVerdict(page, "same");
    await page.locator("#here").getByRole("button", { name: "Add The Matrix (1999) to your picks" }).focus();
    await page.keyboard.press("Enter");
    await page.locator("#here .note", { hasText: "Chosen from your picks" }).waitFor();
    const focused = await page.evaluate(
      () => document.querySelector("attune-recommendations")?.shadowRoot?.activeElement?.className,
    );
    expect(focused).toBe("title pick");
    expect(await page.locator(".chip").allTextContents()).toEqual(["The Matrix"]);
  });

  test("shows that both answers are the same, from the same file", async () => {
    const { page } = await bench().open({ path: "/#item=2571&item=4973" });
    await waitForVerdict(page, "same");
    expect(await page.locator("#answers-title").textContent()).toBe("One answer, twice");
    expect(await page.locator("#proof-lists").textContent()).toBe("The same, in the same order");
    expect(await page.locator("#proof-difference").textContent()).toMatch(/^(0|\d\.\d × 10⁻[⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/);
    expect(await page.locator("#proof-here-hash").textContent()).toBe(modelSha256);
    expect(await page.locator("#proof-there-hash").textContent()).toBe(modelSha256);
    for (const id of ["proof-here-ms", "proof-there-ms"]) {
      expect(await page.locator(`#${id}`).textContent()).toMatch(/^[\d.]+ ms$/);
    }
  });

  test("an address brings its picks, and unknown ids do no harm", async () => {
    const { page, complaints } = await bench().open({ path: "/#item=no-such-film&item=597" });
    await waitForVerdict(page, "same");
    expect(await page.locator(".chip").allTextContents()).toEqual(["no-such-film", "Pretty Woman"]);
    expect((await titlesOf(page, "here"))[0]).toBe("Amelie");
    await page.evaluate(() => {
      location.hash = "#item=1258";
    });
    await page.locator(".chip", { hasText: "The Shining" }).waitFor();
    expect(await page.locator(".chip").count()).toBe(1);
    expect(complaints).toEqual([]);
  });

  test("with more picks than fit, the newest is in sight and their number is said", async () => {
    const { page } = await bench().open({ path: "/#item=4993&item=7153&item=260&item=597" });
    await waitForVerdict(page, "same");
    expect(await page.locator("#picks-count").textContent()).toBe("4");
    const newest = page.locator(".chip", { hasText: "Pretty Woman" });
    const [frame, chip] = [await page.locator("#chips").boundingBox(), await newest.boundingBox()];
    expect(chip!.y + chip!.height).toBeLessThanOrEqual(frame!.y + frame!.height + 1);
    await newest.click();
    expect(await page.locator("#picks-count").textContent()).toBe("3");
  });

  test("says how the change went, briefly and politely", async () => {
    const { page } = await bench().open();
    await waitForVerdict(page, "same");
    await page.getByRole("button", { name: "Alien 1979" }).click();
    expect(await page.locator("#said").textContent()).toBe("Alien (1979) picked.");
    const status = page.locator("#here [role=status]");
    await status.filter({ hasText: "List updated. First: The Shining (1980)." }).waitFor();
  });

  test("a damaged model is refused in words; the server still answers; a retry brings the list", async () => {
    const { page, complaints } = await bench().open({ path: "/#item=1214", prepare: damageModel });
    await waitForVerdict(page, "there-only");
    const error = page.locator("#here .failed");
    expect(await error.locator(".what").textContent()).toBe("The recommendations could not be made.");
    expect(await error.locator(".why").textContent()).toContain("damaged or was replaced");
    expect(await page.locator("#here li").count()).toBe(0);
    expect((await titlesOf(page, "there"))[0]).toBe("The Shining");
    expect(await page.locator("#proof-here-hash").textContent()).toBe("no file to compare");
    expect(complaints).toEqual([]);

    await page.context().unrouteAll();
    await page.getByRole("button", { name: "Try again" }).click();
    await waitForVerdict(page, "same");
    expect((await titlesOf(page, "here"))[0]).toBe("The Shining");
  });

  test("without a server behind the page the tab answers by itself", async () => {
    const { page } = await bench().open({
      prepare: (page) =>
        page.context().route("**/v1/**", (route) => route.fulfill({ status: 503, body: "{}" })),
    });
    await waitForVerdict(page, "here-only");
    expect(await titlesOf(page, "here")).toHaveLength(10);
    expect(await page.locator("#verdict-note").textContent()).toContain("This tab answers by itself");
    expect(await page.locator("#there .what").textContent()).toBe("The server did not answer.");
  });

  test.each(Object.keys(layouts) as (keyof typeof layouts)[])(
    "%s: nothing sticks out, nothing jumps while it loads",
    async (layout) => {
      const { page } = await bench().open({
        layout,
        prepare: (page) =>
          page.addInitScript(() => {
            const shifts: number[] = [];
            Object.assign(window, { shifts });
            new PerformanceObserver((list) => {
              for (const entry of list.getEntries()) {
                if (!(entry as PerformanceEntry & { hadRecentInput: boolean }).hadRecentInput) {
                  shifts.push((entry as PerformanceEntry & { value: number }).value);
                }
              }
            }).observe({ type: "layout-shift", buffered: true });
          }),
      });
      await waitForVerdict(page, "same");
      const measured = await page.evaluate(() => ({
        overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        shift: (window as Window & { shifts?: number[] }).shifts?.reduce((sum, value) => sum + value, 0),
      }));
      expect(measured.overflow).toBeLessThanOrEqual(0);
      expect(measured.shift).toBeLessThan(0.01);
      const [picks, answers] = await Promise.all([
        page.locator(".picks").boundingBox(),
        page.locator(".answers").boundingBox(),
      ]);
      if (layout === "wide") expect(answers!.x).toBeGreaterThan(picks!.x + picks!.width);
      else expect(answers!.y).toBeGreaterThanOrEqual(picks!.y + picks!.height);
    },
  );

  test("every starter is a film of the catalogue, once", async () => {
    const { page } = await bench().open();
    await waitForVerdict(page, "same");
    const ids = await page
      .locator(".poster")
      .evaluateAll((posters) => posters.map((poster) => (poster as HTMLElement).dataset.id));
    expect(ids).toHaveLength(16);
    expect(new Set(ids).size).toBe(16);
    const known = new Set(films.map((film) => film.id));
    expect(ids.every((id) => id !== undefined && known.has(id))).toBe(true);
  });
});
