/** JSON with numbers that JavaScript does not have. */

const mark = "\u0001raw:";

/** A number to be written digit by digit: `JSON.stringify` would round it. */
export function rawNumber(digits: string): string {
  return mark + digits;
}

export function toJsonText(value: unknown): string {
  return JSON.stringify(value).replace(/"\\u0001raw:([^"]*)"/g, "$1");
}
