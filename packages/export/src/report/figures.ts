/** The plots, drawn by Observable Plot into a document of our own. Colours are the page's, so both themes work. */
import type { Estimate } from "@attune/contracts/manifest";
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { type Html, html, rawHtml } from "./html.ts";
import { formatRange, formatValue } from "./numbers.ts";

/** One estimate of one model, at a place of a plot. */
export interface Mark extends Estimate {
  readonly model: string;
}

/** Models in a fixed order: the same colour and the same shape in every plot. */
export interface Legend {
  readonly models: readonly string[];
}

/** Drawn about as wide as they are shown, on a phone too, so that text keeps its size. */
const width = 400;
const curveWidth = 320;
const shapes = ["circle", "square", "triangle", "diamond", "star", "wye", "cross"] as const;

function scales({ models }: Legend) {
  return {
    color: { domain: models, range: models.map((_, index) => `var(--series-${index % 7})`) },
    symbol: { domain: models, range: models.map((_, index) => shapes[index % shapes.length]) },
  };
}

/** Colour and shape of each model, once above the plots. */
export function drawLegend(legend: Legend): Html {
  const marks = legend.models.map((model) => {
    const dot = Plot.plot({
      document: createDocument(),
      ...scales(legend),
      width: 14,
      height: 14,
      margin: 0,
      x: { axis: null, domain: [-1, 1] },
      y: { axis: null, domain: [-1, 1] },
      marks: [Plot.dot([{ model }], { x: () => 0, y: () => 0, r: 4, fill: "model", symbol: "model" })],
    });
    return html`<li>${toMarkup(dot, undefined)}<span>${model}</span></li>`;
  });
  return html`<ul class="legend">${marks}</ul>`;
}

/** One metric at every cut-off, a line per model, with intervals. */
export function drawCurves(legend: Legend, points: readonly (Mark & { readonly k: number })[], name: string) {
  const ks = [...new Set(points.map((point) => point.k))].sort((a, b) => a - b);
  const jitter = new Map(
    legend.models.map((model, index) => [model, 3 * (index - legend.models.length / 2)]),
  );
  const marks = legend.models.flatMap((model) => {
    const own = points.filter((point) => point.model === model);
    const dx = jitter.get(model)!;
    return [
      Plot.ruleX(own.filter(hasInterval), {
        x: "k",
        y1: lowerEnd,
        y2: upperEnd,
        stroke: "model",
        strokeOpacity: 0.45,
        dx,
      }),
      Plot.lineY(own, { x: "k", y: "value", stroke: "model", strokeWidth: 1.75, dx }),
      Plot.dot(own, { x: "k", y: "value", fill: "model", symbol: "model", r: 3.25, dx, title: describe }),
    ];
  });
  const plot = Plot.plot({
    document: createDocument(),
    ...scales(legend),
    width: curveWidth,
    height: 210,
    marginLeft: 42,
    marginRight: 8,
    marginBottom: 38,
    x: { type: "point", domain: ks, label: "k", labelArrow: false, padding: 0.35 },
    y: { grid: true, label: null, ticks: 5, nice: true, ...domainOf(points) },
    marks,
  });
  return toMarkup(
    plot,
    `${name} by list length k: ${summarise(points, (point) => `${point.model} @${point.k}`)}`,
  );
}

function hasInterval({ interval }: Estimate): boolean {
  return interval !== undefined;
}

/** Where the figure's interval begins; at the figure where it has none. */
function lowerEnd({ value, interval }: Estimate): number {
  return interval?.lower ?? value;
}

function upperEnd({ value, interval }: Estimate): number {
  return interval?.upper ?? value;
}

/** A domain for values that are all the same, which have no scale of their own; nothing otherwise. */
function domainOf(
  estimates: readonly Estimate[],
  around?: readonly [number, number],
): { readonly domain?: readonly [number, number] } {
  const from = Math.min(...estimates.map(lowerEnd));
  const to = Math.max(...estimates.map(upperEnd));
  return from === to ? { domain: around ?? [from - 0.5, to + 0.5] } : {};
}

/** Between two groups there is room for the lower one's title, in pixels. */
const titleRoom = 20;

/** A bar per model in each group, with intervals. */
export function drawBars(legend: Legend, bars: readonly (Mark & { readonly group: string })[], name: string) {
  const groups = [...new Set(bars.map((bar) => bar.group))];
  const groupHeight = 26 + 15 * legend.models.length;
  const plot = Plot.plot({
    document: createDocument(),
    ...scales(legend),
    width,
    height: 40 + groups.length * groupHeight,
    marginLeft: 8,
    marginRight: 16,
    marginTop: 24,
    marginBottom: 34,
    x: {
      grid: true,
      label: name,
      labelArrow: false,
      labelAnchor: "center",
      ticks: 5,
      zero: true,
      ...domainOf(bars, [0, 1]),
    },
    y: { axis: null, domain: legend.models, padding: 0.25 },
    fy: { axis: null, domain: groups, padding: Math.max(0.3, titleRoom / groupHeight) },
    marks: [
      Plot.text(groups, {
        fy: (group: string) => group,
        text: (group: string) => group,
        frameAnchor: "top-left",
        dy: -14,
        fontWeight: 600,
      }),
      Plot.barX(bars, { fy: "group", y: "model", x: "value", fill: "model", title: describe }),
      Plot.ruleY(bars.filter(hasInterval), {
        fy: "group",
        y: "model",
        x1: lowerEnd,
        x2: upperEnd,
        stroke: "var(--ink)",
        strokeWidth: 1.5,
        strokeOpacity: 0.75,
      }),
      Plot.ruleX([0]),
    ],
  });
  return toMarkup(plot, `${name}: ${summarise(bars, (bar) => `${bar.group}, ${bar.model}`)}`);
}

/** Every setting a search tried, as a dot for each seed; the chosen one filled. */
export function drawTrials(
  legend: Legend,
  trials: readonly { readonly model: string; readonly value: number; readonly chosen: boolean }[],
  name: string,
) {
  const shown = legend.models.filter((model) => trials.some((trial) => trial.model === model));
  const plot = Plot.plot({
    document: createDocument(),
    ...scales(legend),
    width,
    height: 56 + 30 * shown.length,
    marginLeft: 104,
    marginRight: 16,
    marginBottom: 36,
    x: { grid: true, label: name, labelArrow: false, labelAnchor: "center", ticks: 5, nice: true },
    y: { domain: shown, label: null, tickSize: 0 },
    marks: [
      Plot.dot(trials, { x: "value", y: "model", stroke: "model", r: 4, strokeWidth: 1.5 }),
      Plot.dot(
        trials.filter((trial) => trial.chosen),
        { x: "value", y: "model", fill: "model", symbol: "model", r: 5 },
      ),
    ],
  });
  const chosen = trials
    .filter((trial) => trial.chosen)
    .map((trial) => `${trial.model} ${formatValue(trial.value)}`);
  return toMarkup(plot, `${name} of each setting tried; chosen: ${chosen.join(", ")}`);
}

function describe(mark: Mark): string {
  const range = mark.interval === undefined ? "" : ` (${formatRange(mark)})`;
  return `${mark.model}: ${formatValue(mark.value)}${range}`;
}

function summarise<T extends Mark>(marks: readonly T[], name: (mark: T) => string): string {
  return marks.map((mark) => `${name(mark)} ${formatValue(mark.value)}`).join("; ");
}

function createDocument() {
  return parseHTML("<!doctype html><html><body></body></html>").document;
}

/** With a label the drawing is an image to a screen reader; without, decoration. */
function toMarkup(
  plot: { outerHTML: string; setAttribute(name: string, value: string): void },
  label?: string,
): Html {
  plot.setAttribute("role", label === undefined ? "presentation" : "img");
  if (label === undefined) plot.setAttribute("aria-hidden", "true");
  else plot.setAttribute("aria-label", label);
  // Plot labels its groups too; ARIA allows no label there, and the drawing has one.
  return rawHtml(plot.outerHTML.replace(/(<g\b[^>]*?) aria-label="[^"]*"/g, "$1"));
}
