/** The element's own styles. Every colour, size and font can be set from outside through a custom property. */

export const elementStyles = `
:host {
  /* Text follows the page, the rest its color-scheme: a light page stays light on a dark desktop. */
  --_muted: var(--attune-muted, color-mix(in srgb, currentcolor 72%, transparent));
  --_line: var(--attune-line, color-mix(in srgb, currentcolor 18%, transparent));
  --_accent: var(--attune-accent, light-dark(#1d4ed8, #9db8ff));
  --_on-accent: var(--attune-on-accent, light-dark(#fff, #10131a));
  --_hover: var(--attune-hover, color-mix(in srgb, currentcolor 7%, transparent));
  --_danger: var(--attune-danger, light-dark(#b3261e, #ffb4ab));
  --_row: var(--attune-row-height, 3.5rem);
  --_radius: var(--attune-radius, 0.5rem);
  display: block;
  color: var(--attune-text, inherit);
  font: var(--attune-font, inherit);
  line-height: 1.35;
}
:host([hidden]) { display: none; }
*, ::before, ::after { box-sizing: border-box; }
h2, p, ol { margin: 0; padding: 0; }
h2, ::slotted([slot="heading"]) { margin: 0; font-size: 1.125rem; font-weight: 650; line-height: 1.25; }
.note { min-height: var(--attune-note-height, 1.35em); margin-top: 0.125rem; color: var(--_muted); font-size: 0.875rem; }
.body { position: relative; margin-top: 0.75rem; }
ol { list-style: none; counter-reset: rank; }
li, .ghost {
  position: relative;
  display: grid;
  grid-template-columns: 1.75rem minmax(0, 1fr) auto;
  align-items: center;
  height: var(--_row);
  border-top: 1px solid var(--_line);
  counter-increment: rank;
}
li::before, .ghost::before {
  content: counter(rank);
  color: var(--_muted);
  font-size: 0.8125rem;
  font-variant-numeric: tabular-nums;
}
/* Two lines, whatever they hold: a long title takes both, a short one leaves the second to the note. */
.words { max-height: 2.7em; overflow: hidden; overflow-wrap: anywhere; font-size: 0.9375rem; }
.title { font-weight: 550; }
.year { color: var(--_muted); font-variant-numeric: tabular-nums; }
.meta {
  display: block;
  overflow: hidden;
  color: var(--_muted);
  font-size: 0.8125rem;
  line-height: 1.55;
  text-overflow: ellipsis;
  white-space: nowrap;
}
.score {
  padding-left: 0.75rem;
  color: var(--_muted);
  font-size: 0.8125rem;
  font-variant-numeric: tabular-nums;
}
button {
  font: inherit;
  color: inherit;
  background: none;
  border: 0;
  padding: 0;
  text-align: start;
  cursor: pointer;
}
/* The whole row is the target; the button is only its words. */
.pick::after { content: ""; position: absolute; inset: 0; border-radius: var(--_radius); }
.pick:hover::after { background: var(--_hover); }
.pick:focus-visible { outline: none; }
.pick:focus-visible::after { outline: 2px solid var(--_accent); outline-offset: -2px; }
.loading p, .failed p, .empty { font-size: 0.875rem; }
.loading {
  position: absolute;
  inset: 0 0 auto;
  z-index: 1;
  min-height: var(--_row);
  padding: 0.625rem 0;
  border-top: 1px solid var(--_line);
  background: var(--attune-surface, Canvas);
}
.body:focus { outline: none; }
progress {
  display: block;
  width: 100%;
  height: 0.25rem;
  margin-top: 0.5rem;
  appearance: none;
  overflow: hidden;
  border: 0;
  border-radius: 1rem;
  background: var(--_line);
}
progress::-webkit-progress-bar { background: var(--_line); }
progress::-webkit-progress-value { background: var(--_accent); }
progress::-moz-progress-bar { background: var(--_accent); }
progress:indeterminate { background: linear-gradient(var(--_accent), var(--_accent)) no-repeat 0 0 / 40% 100% var(--_line); }
progress:indeterminate::-webkit-progress-bar, progress:indeterminate::-moz-progress-bar { background: none; }
@media (prefers-reduced-motion: no-preference) {
  progress:indeterminate { animation: sweep 1.4s ease-in-out infinite alternate; }
}
@keyframes sweep { to { background-position: 100% 0; } }
.ghost::before { visibility: hidden; }
.ghost i { width: var(--w, 60%); height: 0.625rem; border-radius: 1rem; background: var(--_line); }
.failed { padding: 1rem 0; border-top: 1px solid var(--_line); }
.failed .what { color: var(--_danger); font-size: 0.9375rem; font-weight: 600; }
.failed .why { margin-top: 0.25rem; color: var(--_muted); overflow-wrap: anywhere; }
.retry {
  margin-top: 0.75rem;
  min-height: 2.75rem;
  padding: 0 1rem;
  border-radius: var(--_radius);
  background: var(--_accent);
  color: var(--_on-accent);
  font-size: 0.9375rem;
  font-weight: 600;
}
.retry:focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px; }
.said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;
