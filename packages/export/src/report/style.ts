/** The report's style sheet: one page, two themes, any width, paper. Text contrast is AA or better in both themes. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #f6f5f2; --surface: #ffffff; --ink: #1a1c20; --muted: #565c66; --line: #e0ddd6; --hover: #faf9f7;
  --accent: #0b5fbf; --accent-soft: #e5effa;
  --series-0: #0b63c5; --series-1: #b4540a; --series-2: #1b7a56; --series-3: #8446b8;
  --series-4: #b03060; --series-5: #5b6470; --series-6: #7a6a00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #101216; --surface: #181b20; --ink: #e9ebef; --muted: #a3abb8; --line: #2d323a; --hover: #1d2127;
    --accent: #7db9ff; --accent-soft: #1b2c41;
    --series-0: #6fb1ff; --series-1: #f2a35f; --series-2: #5fcfa3; --series-3: #c9a0f2;
    --series-4: #f48fb1; --series-5: #a5aebb; --series-6: #d9c54a;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.55 Inter, "Segoe UI", system-ui, -apple-system, "Helvetica Neue", Arial, sans-serif;
}
.wrap { max-width: 66rem; margin: 0 auto; padding: 0 1.5rem; }
header { padding: 3.5rem 0 1.75rem; }
.eyebrow { margin: 0; color: var(--accent); font-size: .8125rem; font-weight: 600; letter-spacing: .06em; text-transform: uppercase; }
h1 { margin: .35rem 0 .5rem; font-size: clamp(2rem, 6vw, 2.9rem); line-height: 1.1; letter-spacing: -.025em; font-weight: 680; overflow-wrap: anywhere; }
h1 small { color: var(--muted); font-size: .5em; font-weight: 500; letter-spacing: 0; white-space: nowrap; }
.summary { max-width: 46rem; margin: 0; font-size: 1.125rem; color: var(--muted); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(12.5rem, 1fr)); gap: .75rem; margin: 1.75rem 0 0; }
.facts div { background: var(--surface); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem 1.125rem; }
.facts dt { font-size: .8125rem; color: var(--muted); }
.facts dd { margin: .15rem 0 0; font-size: 1.625rem; font-weight: 640; letter-spacing: -.02em; font-variant-numeric: tabular-nums; line-height: 1.25; }
.facts dd span { display: block; font-size: .8125rem; font-weight: 400; letter-spacing: 0; color: var(--muted); }
nav { position: sticky; top: 0; z-index: 1; background: color-mix(in srgb, var(--page) 92%, transparent); backdrop-filter: blur(8px); border-bottom: 1px solid var(--line); }
nav ul { display: flex; gap: 1.25rem; margin: 0; padding: .7rem 0; list-style: none; overflow-x: auto; scrollbar-width: none; }
nav a { color: var(--muted); font-size: .875rem; text-decoration: none; white-space: nowrap; }
nav a:hover { color: var(--ink); }
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: .25rem; }
section { padding: 2.5rem 0 .5rem; scroll-margin-top: 2.5rem; }
h2 { margin: 0; font-size: 1.4375rem; letter-spacing: -.015em; line-height: 1.25; font-weight: 640; }
.lead { max-width: 46rem; margin: .4rem 0 1.25rem; color: var(--muted); }
p { max-width: 46rem; }
code { font: .9em ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
.scroll { overflow-x: auto; margin: 0 0 1.25rem; background: var(--surface); border: 1px solid var(--line); border-radius: .75rem; }
table { width: 100%; border-collapse: collapse; font-size: .9063rem; }
caption { padding: .8rem 1rem .1rem; text-align: left; font-size: .8125rem; color: var(--muted); }
th, td { padding: .6rem 1rem; text-align: left; vertical-align: top; font-weight: 400; }
thead th { color: var(--muted); font-size: .8125rem; font-weight: 500; white-space: nowrap; border-bottom: 1px solid var(--line); vertical-align: bottom; }
tbody tr + tr > * { border-top: 1px solid var(--line); }
tbody tr:hover > * { background: var(--hover); }
tbody tr:last-child > :first-child { border-bottom-left-radius: .75rem; }
tbody tr:last-child > :last-child { border-bottom-right-radius: .75rem; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.model { font-weight: 620; }
.note { display: block; color: var(--muted); font-size: .8125rem; line-height: 1.4; min-width: 11rem; }
.n .note { min-width: 0; }
.muted { color: var(--muted); }
.badge { display: inline-block; padding: .05rem .45rem; border-radius: 1rem; background: var(--accent-soft); color: var(--accent); font-size: .75rem; font-weight: 600; vertical-align: .08em; }
.badge.quiet { background: none; color: var(--muted); box-shadow: inset 0 0 0 1px var(--line); }
.estimate { font-variant-numeric: tabular-nums; white-space: nowrap; }
.estimate .muted { font-size: .8125rem; }
.interval, .share { position: relative; display: block; height: .5rem; margin-top: .4rem; min-width: 9rem; border-radius: .25rem; background: color-mix(in srgb, var(--line) 45%, transparent); }
.interval i, .share i { position: absolute; top: 0; bottom: 0; }
.interval .range { min-width: 2px; border-radius: .25rem; background: var(--accent); opacity: .42; }
.interval .value { top: -.15rem; bottom: -.15rem; width: 3px; margin-left: -1.5px; border-radius: 2px; background: var(--accent); }
.interval .zero { width: 1px; top: -.2rem; bottom: -.2rem; background: var(--muted); }
.part { display: flex; align-items: center; gap: .75rem; font-variant-numeric: tabular-nums; }
.part > :first-child { min-width: 3.75rem; text-align: right; }
.share { flex: 1; margin: 0; max-width: 16rem; }
.share i { left: 0; border-radius: .25rem; background: var(--accent); opacity: .6; }
.formula { font-family: Cambria, "STIX Two Text", Georgia, serif; font-size: 1rem; }
.formula sub { line-height: 0; white-space: nowrap; }
.formula .big { font-size: 1.2em; line-height: 1; }
.legend { display: flex; flex-wrap: wrap; gap: .35rem 1.25rem; margin: 0 0 1rem; padding: 0; list-style: none; font-size: .875rem; }
.legend li { display: flex; align-items: center; gap: .4rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(19rem, 100%), 1fr)); gap: 1rem; margin-bottom: 1.25rem; }
figure { margin: 0; padding: .9rem 1rem .75rem; background: var(--surface); border: 1px solid var(--line); border-radius: .75rem; min-width: 0; }
section > figure { max-width: 29rem; margin-bottom: 1.25rem; }
figcaption { margin-bottom: .35rem; font-size: .9063rem; font-weight: 600; }
figure svg { display: block; width: 100%; height: auto; font: 12px Inter, "Segoe UI", system-ui, sans-serif; overflow: visible; }
details { margin: 0 0 1.25rem; }
summary { cursor: pointer; padding: .35rem 0; color: var(--accent); font-size: .9063rem; font-weight: 550; }
details[open] > summary { margin-bottom: .5rem; }
.keys { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.25rem; margin: 0 0 1.25rem; font-size: .9063rem; }
.keys dt { color: var(--muted); }
.keys dd { margin: 0; overflow-wrap: anywhere; }
pre { margin: 0; padding: 1rem; overflow-x: auto; background: var(--surface); border: 1px solid var(--line); border-radius: .75rem; font: .8125rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
footer { margin-top: 2.5rem; padding: 1.5rem 0 3rem; border-top: 1px solid var(--line); color: var(--muted); font-size: .875rem; }
@media (max-width: 40rem) {
  .wrap { padding: 0 1rem; }
  header { padding-top: 2rem; }
  .facts { grid-template-columns: 1fr 1fr; gap: .5rem; }
  .facts div { padding: .75rem .875rem; }
  .facts dd { font-size: 1.3rem; }
  th, td { padding: .55rem .75rem; }
  caption { padding: .7rem .75rem .1rem; }
  .cards, .cards caption, .cards tbody, .cards tr, .cards th, .cards td { display: block; }
  .cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .cards tr { padding: .4rem 0; border-top: 1px solid var(--line); }
  .cards tbody tr > * { border: 0; padding: .3rem .75rem; text-align: left; }
  .cards td::before { content: attr(data-title); display: block; color: var(--muted); font-size: .8125rem; }
  .cards td.n { display: flex; justify-content: space-between; align-items: baseline; }
  .keys { grid-template-columns: 1fr; gap: 0; }
  .keys dd { margin-bottom: .5rem; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
@media print {
  body { background: #fff; font-size: 11pt; }
  nav { display: none; }
  section, figure, tr { break-inside: avoid; }
}
`.trim();
