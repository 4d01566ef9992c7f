// axe-core on every state of the demo page, wide and light, narrow and dark.
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { createBench, damageModel, type PageOptions, waitForVerdict } from "./demo-page.ts";
import { filmArtifact } from "./film-artifact.ts";

const bench = createBench(filmArtifact());

interface Scene extends PageOptions {
  readonly name: string;
  readonly verdict: string;
  readonly act?: (page: Page) => Promise<void>;
}

const search = (text: string) => async (page: Page) => {
  await page.getByRole("combobox").pressSequentially(text);
};

const scenes: readonly Scene[] = [
  { name: "empty", verdict: "same" },
  { name: "picked", verdict: "same", path: "/#item=2571&item=4973&item=318" },
  { name: "search open", verdict: "same", act: search("the") },
  { name: "nothing found", verdict: "same", act: search("zzz") },
  { name: "model damaged", verdict: "there-only", prepare: damageModel },
  {
    name: "no server",
    verdict: "here-only",
    prepare: (page) =>
      page.context().route("**/v1/**", (route) => route.fulfill({ status: 503, body: "{}" })),
  },
];

async function listViolations(scene: Scene): Promise<string[]> {
  const { page } = await bench().open(scene);
  await waitForVerdict(page, scene.verdict);
  await scene.act?.(page);
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
  );
}

test.each(scenes)("wide and light: $name", async (scene) => {
  expect(await listViolations({ ...scene, layout: "wide", colorScheme: "light" })).toEqual([]);
});

test.each(scenes)("narrow and dark: $name", async (scene) => {
  expect(await listViolations({ ...scene, layout: "narrow", colorScheme: "dark" })).toEqual([]);
});

// axe cannot see through a picture behind a text, so the posters' colours are measured here.
test("the print of every poster stands out from its ground", async () => {
  const { page } = await bench().open();
  await waitForVerdict(page, "same");
  const ratios = await page.locator(".poster").evaluateAll((posters) => {
    const luminance = (color: string) => {
      const [r = 0, g = 0, b = 0] = (color.match(/\d+/g) ?? []).map((part) => {
        const value = Number(part) / 255;
        return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    return posters.map((poster) => {
      const { color, backgroundColor } = getComputedStyle(poster);
      const [dark = 0, light = 0] = [luminance(color), luminance(backgroundColor)].sort((a, b) => a - b);
      return (light + 0.05) / (dark + 0.05);
    });
  });
  expect(ratios).toHaveLength(16);
  expect(Math.min(...ratios)).toBeGreaterThan(4.5);
});

test("no word of a poster's title is broken", async () => {
  const { page } = await bench().open();
  await waitForVerdict(page, "same");
  const broken = await page.locator(".poster-title").evaluateAll((titles) =>
    titles.flatMap((title) => {
      (title as HTMLElement).style.overflowWrap = "normal";
      return title.scrollWidth > title.clientWidth ? [title.textContent] : [];
    }),
  );
  expect(broken).toEqual([]);
});

test("no title of a poster is printed over its picture", async () => {
  const { page } = await bench().open({ layout: "narrow" });
  await waitForVerdict(page, "same");
  const overlaps = await page.locator(".poster").evaluateAll((posters) =>
    posters.flatMap((poster) => {
      const frame = poster.getBoundingClientRect();
      const title = poster.querySelector(".poster-title")!.getBoundingClientRect();
      const picture = Number.parseFloat(getComputedStyle(poster, "::before").height);
      const over = frame.top + picture - title.top;
      return over > 1 ? [`${poster.textContent}: ${over}`] : [];
    }),
  );
  expect(overlaps).toEqual([]);
});

test.each(["wide", "narrow"] as const)("%s: no line of a poster's title is cut through", async (layout) => {
  const { page } = await bench().open({ layout });
  await waitForVerdict(page, "same");
  const cut = await page.locator(".poster-title").evaluateAll((titles) =>
    titles.flatMap((title) => {
      const lines = title.clientHeight / Number.parseFloat(getComputedStyle(title).lineHeight);
      return Math.abs(lines - Math.round(lines)) > 0.1 ? [`${title.textContent}: ${lines} lines`] : [];
    }),
  );
  expect(cut).toEqual([]);
});
