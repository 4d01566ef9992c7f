/** Colours of a terminal, or none. */

export type Colour = "red" | "green" | "yellow" | "dim" | "bold";

const codes: Readonly<Record<Colour, readonly [open: number, close: number]>> = {
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  dim: [2, 22],
  bold: [1, 22],
};

export type Paint = (colour: Colour, text: string) => string;

export function createPaint(isColoured: boolean): Paint {
  if (!isColoured) return (_, text) => text;
  return (colour, text) => `\u001b[${codes[colour][0]}m${text}\u001b[${codes[colour][1]}m`;
}
