/** A value that no column should know: spaces, a comma, another script. */
export const unknownLevel = "no such value, 日本";
