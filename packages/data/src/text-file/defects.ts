/** What can be wrong with a row of a text file before anyone looks at its values. */
export const fileDefects = ["length", "quotes", "columns", "cut", "encoding"] as const;

export type FileDefect = (typeof fileDefects)[number];
